"""Errors about unavailable parts: settings, store, broker, database, a remote server."""

from __future__ import annotations

from tts_service.errors.base import ServiceError


class SettingsRefused(ServiceError):
    """The service can't start with these settings"""

    code = "settings_refused"


class StoreUnavailable(ServiceError):
    """The audio store doesn't respond"""

    permanent = False
    status = 503
    code = "store_unavailable"


class DiskFull(StoreUnavailable):
    """No disk space left for audio"""

    status = 507
    code = "disk_full"


class BrokerUnavailable(ServiceError):
    """The broker doesn't respond"""

    permanent = False
    status = 503
    code = "broker_unavailable"


class DatabaseUnavailable(ServiceError):
    """The database doesn't respond"""

    permanent = False
    status = 503
    code = "database_unavailable"


class TooManyFollowers(ServiceError):
    """Too many streams are open here"""

    permanent = False
    status = 503
    code = "too_many_followers"


class BackupRefused(ServiceError):
    """This backup can't be restored"""

    code = "backup_refused"


class BackupInterrupted(ServiceError):
    """The audio in the store was no longer kept while it was copied"""

    code = "backup_interrupted"
    permanent = False


class PruningIncomplete(ServiceError):
    """Some clips can't be pruned"""

    code = "pruning_incomplete"


class BackupIncomplete(ServiceError):
    """Some objects are missing or damaged in the store"""

    code = "backup_incomplete"


class MailUnavailable(ServiceError):
    """The mail server doesn't take mail now"""

    permanent = False
    status = 502
    code = "mail_unavailable"


class MailRefused(ServiceError):
    """The mail can't be delivered"""

    status = 502
    code = "mail_refused"


class MailUncertain(ServiceError):
    """The mail may have been delivered, or not"""

    status = 502
    code = "mail_uncertain"


class RemoteTooLarge(ServiceError):
    """The remote server's response is too large"""

    status = 422
    code = "remote_too_large"


class RemoteUnavailable(ServiceError):
    """The remote server doesn't respond properly"""

    permanent = False
    status = 502
    code = "remote_unavailable"


class RemoteTooSlow(RemoteUnavailable):
    """The remote server is too slow"""

    status = 504
    code = "remote_too_slow"
