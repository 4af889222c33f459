"""Errors about unavailable parts: settings, store, broker, database, a remote server."""

from __future__ import annotations

from tts_service.errors.base import ServiceError


class SettingsRefused(ServiceError):
    """The service can't start with these settings"""

    code = "settings_refused"


class StoreUnavailable(ServiceError):
    """The audio store doesn't answer"""

    permanent = False
    status = 503
    code = "store_unavailable"


class DiskFull(StoreUnavailable):
    """There is no room left for audio"""

    status = 507
    code = "disk_full"


class BrokerUnavailable(ServiceError):
    """The broker doesn't answer"""

    permanent = False
    status = 503
    code = "broker_unavailable"


class DatabaseUnavailable(ServiceError):
    """The database doesn't answer"""

    permanent = False
    status = 503
    code = "database_unavailable"


class RemoteTooLarge(ServiceError):
    """The other server's answer is too large"""

    status = 422
    code = "remote_too_large"


class RemoteUnavailable(ServiceError):
    """The other server doesn't answer as it should"""

    permanent = False
    status = 502
    code = "remote_unavailable"


class RemoteTooSlow(RemoteUnavailable):
    """The other server is too slow"""

    status = 504
    code = "remote_too_slow"
