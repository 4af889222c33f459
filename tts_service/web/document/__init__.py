"""The OpenAPI document: what FastAPI reads off the functions, and what it can't know, put together in one place."""
