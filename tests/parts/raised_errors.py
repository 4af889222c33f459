"""Which of the service's errors a function can raise, found by following its source.

It follows functions and methods whose class is known from annotations, also those that are handed on (to a thread, as
a callback), and respects `except` and `suppress`. Of a Protocol it reads the "Raises" of the docstrings. Conditions
mean nothing to it: what it finds may be impossible in a particular call.
"""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import re
import types
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

from starlette.exceptions import HTTPException

from tts_service import errors

Raised = frozenset[type[Exception]]
_NOTHING: Raised = frozenset()
_IN_DOCSTRING = re.compile(r"Raises ((?:[A-Z]\w+(?: \([^)]*\))?(?:, | and | or )?)+)")
_PASSING = re.compile(r"if not \w+\.permanent:\n    raise")
"""What another try may mend is raised again, the rest is settled there."""
_found: dict[Any, Raised] = {}
_called: dict[Any, set[Any]] = {}
"""Of each function that was read, those that it calls or hands on."""


def raised_by(function: Any) -> Raised:
    """What calling it can raise of ours; of the framework, HTTPException (see `http_error`)."""
    function = _unwrapped(function)
    if not isinstance(function, types.FunctionType) or not function.__module__.startswith("tts_service."):
        return _NOTHING
    if function not in _found:
        _found[function] = _NOTHING  # a function that calls itself adds nothing
        reader = _Reader(function)
        _found[function] = reader.read()
        _called[function] = reader.called
    return _found[function]


def reached_from(functions: Iterable[Any]) -> set[Any]:
    """Our functions that a call of these can lead to, themselves included."""
    waiting = [_unwrapped(function) for function in functions]
    reached: set[Any] = set()
    while waiting:
        function = waiting.pop()
        raised_by(function)
        if function in _called and function not in reached:
            reached.add(function)
            waiting += _called[function]
    return reached


def messages_in(function: Any) -> Iterator[tuple[type[errors.ServiceError], str]]:
    """(class, message) of each of our errors that a function makes; what a message names is {}.

    A message that is computed is left out: where it comes from another error, it is found at that one.
    """
    reader = _Reader(function)
    tree = reader.tree()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Call) and node.args:
            for kind in reader.classes(node.func):
                message = reader.text(node.args[0])
                if issubclass(kind, errors.ServiceError) and message is not None:
                    yield kind, message


@functools.cache
def http_error(status: int) -> type[HTTPException]:
    """The framework's error of a status, as a class of its own."""

    class OfStatus(HTTPException):
        def __init__(self) -> None:
            super().__init__(status)

    return OfStatus


def declared_in(docstring: str | None) -> Raised:
    """The errors that a docstring names after "Raises"."""
    lists = _IN_DOCSTRING.findall(" ".join((docstring or "").split()))
    names = {name for found in lists for name in re.findall(r"[A-Z]\w+", found)}
    return frozenset(getattr(errors, name) for name in names if name in errors.__all__)


class _Reader:
    """One function's source."""

    def __init__(self, function: types.FunctionType) -> None:
        self.function = function
        self.scope = vars(builtins) | function.__globals__ | inspect.getclosurevars(function).nonlocals
        self.owner = _owner_of(function)
        self.hints: dict[str, Any] = dict(_hints_of(function))
        """Annotations of the names that are local."""
        self.caught: list[Raised] = []
        """Of the handlers around this place, what they caught."""
        self.called: set[Any] = set()

    def read(self) -> Raised:
        if self.owner is not None and getattr(self.owner, "_is_protocol", False):
            return declared_in(self.function.__doc__) | declared_in(self.owner.__doc__)
        tree = self.tree()
        if tree is None:
            return _NOTHING  # made by a decorator
        if self.owner is not None and tree.args.args:
            self.hints.setdefault(tree.args.args[0].arg, self.owner)
        return self.block(tree.body)

    def tree(self) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The function's source; None for a function that no file holds, such as a dataclass's `__init__`."""
        code = self.function.__code__
        return None if code.co_filename.startswith("<") else _functions_in(code.co_filename).get(code.co_firstlineno)

    def text(self, node: ast.expr) -> str | None:
        """A text as it is written, {} for what it names; None for one that is computed."""
        match node:
            case ast.Constant(value=str() as text):
                return text
            case ast.JoinedStr(values=values):
                return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in values)
            case ast.Name(id=name) if isinstance(self.scope.get(name), str):
                return str(self.scope[name])
        return None

    def block(self, statements: Iterable[ast.stmt]) -> Raised:
        return frozenset().union(*(self.statement(statement) for statement in statements))

    def statement(self, node: ast.AST) -> Raised:
        if isinstance(node, ast.Try):
            return self.attempt(node)
        if isinstance(node, ast.If) and _PASSING.fullmatch(ast.unparse(node)):
            return frozenset(kind for kind in self.caught[-1] if not getattr(kind, "permanent", True))
        if isinstance(node, ast.Raise):
            return self.thrown(node) | (self.within(node.exc) if node.exc else _NOTHING)
        if isinstance(node, ast.With | ast.AsyncWith):
            return self.managed(node)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            self.hints[node.target.id] = self.evaluated(node.annotation)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            self.hints[node.targets[0].id] = self.hint(node.value)
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            self.hints[node.target.id] = _element(self.hint(node.iter))
        return self.within(node)

    def within(self, node: ast.AST) -> Raised:
        """What an expression, or the parts of a statement, can raise."""
        found = _NOTHING
        if isinstance(node, ast.Call):
            found |= self.constructed(node)
        if isinstance(node, ast.Name | ast.Attribute):
            for target in self.targets(node):
                found |= self.followed(target.fget if isinstance(target, property) else target)
        for child in ast.iter_child_nodes(node):
            found |= self.statement(child) if isinstance(child, ast.stmt) else self.within(child)
        return found

    def attempt(self, node: ast.Try) -> Raised:
        open_ = self.block(node.body)
        found = _NOTHING
        for handler in node.handlers:
            kinds = self.classes(handler.type) if handler.type else (BaseException,)
            caught = frozenset(error for error in open_ if issubclass(error, kinds))
            open_ -= caught
            self.caught.append(caught)
            found |= self.block(handler.body)
            self.caught.pop()
        return open_ | found | self.block(node.orelse) | self.block(node.finalbody)

    def thrown(self, node: ast.Raise) -> Raised:
        if node.exc is None or (isinstance(node.exc, ast.Name) and node.exc.id not in self.scope | self.hints):
            return self.caught[-1] if self.caught else _NOTHING  # the one that was caught
        kinds = self.classes(node.exc) or tuple(_classes(self.hint(node.exc)))
        if kinds == (HTTPException,) and isinstance(node.exc, ast.Call) and isinstance(node.exc.args[0], ast.Constant):
            return frozenset({http_error(node.exc.args[0].value)})
        return frozenset(kind for kind in kinds if issubclass(kind, Exception))

    def managed(self, node: ast.With | ast.AsyncWith) -> Raised:
        found, suppressed = _NOTHING, ()
        for item in node.items:
            found |= self.within(item.context_expr)
            called = item.context_expr
            if isinstance(called, ast.Call) and isinstance(called.func, ast.Name) and called.func.id == "suppress":
                suppressed += tuple(kind for arg in called.args for kind in self.classes(arg))
            if isinstance(item.optional_vars, ast.Name):
                self.hints[item.optional_vars.id] = _element(self.hint(called))
        inside = self.block(node.body)
        return found | frozenset(error for error in inside if not issubclass(error, suppressed))

    def constructed(self, node: ast.Call) -> Raised:
        made = self.classes(node.func)
        return frozenset().union(
            *(self.followed(getattr(kind, name, None)) for kind in made for name in ("__init__", "__post_init__"))
        )

    def followed(self, function: Any) -> Raised:
        if callable(function):
            self.called.add(_unwrapped(function))
        return raised_by(function)

    def targets(self, node: ast.expr) -> Iterator[Any]:
        """What a name or an attribute can stand for."""
        if isinstance(node, ast.Name):
            if node.id not in self.hints and node.id in self.scope:
                yield self.scope[node.id]
        elif isinstance(node, ast.Attribute):
            for base in self.targets(node.value):
                if isinstance(base, types.ModuleType | type):
                    yield getattr(base, node.attr, None)
            for kind in _classes(self.hint(node.value)):
                yield inspect.getattr_static(kind, node.attr, None)

    def classes(self, node: ast.expr) -> tuple[type, ...]:
        """The classes that an expression names, or makes an instance of."""
        if isinstance(node, ast.Tuple):
            return tuple(kind for part in node.elts for kind in self.classes(part))
        if isinstance(node, ast.Call):
            return self.classes(node.func)
        found = [*self.targets(node)] if isinstance(node, ast.Name | ast.Attribute) else []
        flat = [kind for one in found for kind in (one if isinstance(one, tuple) else (one,))]
        return tuple(kind for kind in flat if isinstance(kind, type))

    def hint(self, node: ast.expr) -> Any:
        """The annotation that holds for an expression, as far as it is known."""
        if isinstance(node, ast.Await | ast.NamedExpr | ast.Starred):
            return self.hint(node.value)
        if isinstance(node, ast.BoolOp | ast.IfExp):
            parts = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
            return typing.Union[tuple(self.hint(part) or type(None) for part in parts)]  # noqa: UP007
        if isinstance(node, ast.Name):
            return self.hints.get(node.id) or self._instance(node)
        if isinstance(node, ast.Subscript):
            return _element(self.hint(node.value)) or self._entry(node.value)
        if isinstance(node, ast.Call):
            made = self.classes(node.func)
            if made:
                return made[0]
            for target in self.targets(node.func) if isinstance(node.func, ast.Name | ast.Attribute) else ():
                return _hints_of(inspect.unwrap(target)).get("return") if callable(target) else None
        if isinstance(node, ast.Attribute):
            for kind in _classes(self.hint(node.value)):
                given = inspect.getattr_static(kind, node.attr, None)
                if isinstance(given, property):
                    return _hints_of(given.fget).get("return")
                return _plain(_hints_of(kind).get(node.attr)) or _assigned(kind, node.attr)
        return None

    def evaluated(self, node: ast.expr) -> Any:
        try:
            return eval(ast.unparse(node), self.scope)  # our own annotations
        except NameError:
            return None

    def _instance(self, node: ast.Name) -> Any:
        value = self.scope.get(node.id)
        return None if value is None or callable(value) or isinstance(value, types.ModuleType) else type(value)

    def _entry(self, node: ast.expr) -> Any:
        for value in self.targets(node) if isinstance(node, ast.Name | ast.Attribute) else ():
            if isinstance(value, dict) and value:
                return typing.Union[tuple({type(one) for one in value.values()})]  # noqa: UP007
        return None


def _unwrapped(function: Any) -> Any:
    return inspect.unwrap(getattr(function, "__func__", function))


@functools.cache
def _functions_in(path: str) -> dict[int, ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions of a file by their first line, which is that of their first decorator."""
    nodes = ast.walk(ast.parse(Path(path).read_text("utf-8")))
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {min([one.lineno, *(each.lineno for each in one.decorator_list)]): one for one in functions}


def _owner_of(function: types.FunctionType) -> type | None:
    found: Any = inspect.getmodule(function)
    for name in function.__qualname__.split(".")[:-1]:
        found = getattr(found, name, None)
    return found if isinstance(found, type) else None


@functools.cache
def _hints_of(thing: Any) -> dict[str, Any]:
    """Annotations; those that can't be evaluated are left out."""
    try:
        return typing.get_type_hints(thing)
    except (NameError, TypeError, AttributeError):
        pass
    found = {}
    for name, text in getattr(thing, "__annotations__", {}).items():
        try:
            found[name] = eval(text, getattr(thing, "__globals__", {})) if isinstance(text, str) else text
        except (NameError, TypeError):
            continue
    return found


def _assigned(kind: type, name: str) -> Any:
    """The annotation of a parameter of __init__ that is kept under this name, as in `self._name = name`."""
    made = kind.__dict__.get("__init__")
    if not isinstance(made, types.FunctionType) or made.__code__.co_filename.startswith("<"):
        return None
    reader = _Reader(made)
    tree = reader.tree()
    for node in ast.walk(tree) if tree else ():
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(node, ast.Assign) and isinstance(target, ast.Attribute) and target.attr == name:
            return reader.hint(node.value)
    return None


def _classes(hint: Any) -> Iterator[type]:
    """The classes of a union, of Annotated, of a generic."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        for part in typing.get_args(hint):
            yield from _classes(part)
    elif origin is Annotated:
        yield from _classes(typing.get_args(hint)[0])
    elif isinstance(origin or hint, type) and (origin or hint) is not type(None):
        yield origin or hint


def _plain(hint: Any) -> Any:
    """The type of a class variable."""
    return typing.get_args(hint)[0] if typing.get_origin(hint) is typing.ClassVar else hint


def _element(hint: Any) -> Any:
    """What iterating over it, entering it or looking something up in it gives."""
    arguments = typing.get_args(hint)
    return arguments[-1] if typing.get_origin(hint) is dict or len(arguments) == 1 else None
