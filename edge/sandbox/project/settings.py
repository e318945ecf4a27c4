"""How this Spirit is set up: SQLite, Whoosh, its own rate limits, times shown to the second."""

# mypy: ignore-errors
# This file runs in the sandbox's own environment; Spirit's template settings are the base.

import importlib.util
import os
from pathlib import Path

import spirit

_base_path = Path(spirit.__file__).parent / "extra/project_template/project_name/settings/base.py"
_spec = importlib.util.spec_from_file_location("spirit_base_settings", _base_path)
_base = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_base)
globals().update({name: value for name, value in vars(_base).items() if name.isupper()})

SANDBOX_DIR = Path(os.environ["SANDBOX_DIR"])
DEBUG = False
SECRET_KEY = (SANDBOX_DIR / "secret_key").read_text()
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "addresses"
WSGI_APPLICATION = None
ADMINS = ()
ST_SITE_URL = "http://127.0.0.1/"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": SANDBOX_DIR / "forum.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
        },
    }
}
# Off only for tests that post and log in far faster than a person could.
ST_RATELIMIT_ENABLE = os.environ.get("SANDBOX_RATE_LIMITS") != "off"
# One server process, so memory is the right place for the rate limits' counters.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "st_rate_limit": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "rate_limit",
        "TIMEOUT": None,
    },
}
HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
        "PATH": str(SANDBOX_DIR / "search"),
    }
}
MEDIA_ROOT = str(SANDBOX_DIR / "media")
STATIC_ROOT = str(SANDBOX_DIR / "static")
# The passwords are long and random: a slow hash would guard nothing and cost seconds.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
# Spirit prints a post's time in the site's format; its default drops the seconds.
FORMAT_MODULE_PATH = ["formats"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
