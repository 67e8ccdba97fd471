"""Django's settings, from the environment; ``docs/settings.md`` lists every variable.

Without any of them: SQLite and an embedded broker on this machine. With ``DATABASE_URL`` and
``BROKER_URL``: the same code on PostgreSQL and Redis.
"""

from datetime import timedelta
from typing import Any

from csp.constants import NONCE, NONE, SELF

from config import api, sign_on
from config.broker import embedded_url
from config.environment import BASE, VAR, env, metrics_token, secret_key
from grader import logs
from grader.dispatch import WEB_QUEUE, transport_options

BASE_DIR = BASE
VAR_DIR = VAR

# --- Database ---------------------------------------------------------------------------------
DATABASES: dict[str, Any] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR / 'db.sqlite3'}")
}
_database = DATABASES["default"]
ON_SQLITE = _database["ENGINE"] == "django.db.backends.sqlite3"
if ON_SQLITE:
    VAR.mkdir(parents=True, exist_ok=True)
    # IMMEDIATE: a transaction that will write waits for its turn instead of failing half-way.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL",
    }
else:
    _database["ENGINE"] = "config.postgresql"
    # A statement is prepared once it has come so often; not where a pooler stands between, which
    # may hand each transaction to another connection.
    _prepare = None if env.bool("SPARRING_DATABASE_POOLER", default=False) else 5
    _database["OPTIONS"] = {"server_side_binding": _prepare is not None}
    _database["OPTIONS"]["prepare_threshold"] = _prepare
_database["CONN_MAX_AGE"] = 60
_database["CONN_HEALTH_CHECKS"] = True

# --- Keys, hosts, transport -------------------------------------------------------------------
DEBUG = env.bool("SPARRING_DEBUG", default=False)
HTTPS = env.bool("SPARRING_HTTPS", default=False)
SECRET_KEY = secret_key(required=HTTPS)
ALLOWED_HOSTS = env.list("SPARRING_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("SPARRING_ORIGINS", default=[])
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^health/", r"^metrics$"]  # asked from within
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = env.bool("SPARRING_BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

# Off unless the environment names a provider; its pages then exist, and forms may lead to it.
SIGN_ON = sign_on.provider()

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],  # the nonce is the code editor's
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, *([SIGN_ON.origin] if SIGN_ON else [])],
        "frame-ancestors": [NONE],
    }
}

# --- Application ------------------------------------------------------------------------------
INSTALLED_APPS = [
    # The pages' templates come before allauth's and the admin's, and replace them.
    "assessments.web",
    "assessments",
    "question_bank",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "assessments.web.sso",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
    "django_htmx",
    "rules",
]
MIDDLEWARE = [
    "assessments.watching.middleware.Watched",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages have a policy; scripts, styles and pictures need none.
    "csp.middleware.CSPMiddleware",
    # Of random length, so that no secret of a page is guessed from how well it packs.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Accounts ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "assessments.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "assessments.web.accounts.Passwords",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = env.str("SPARRING_EMAIL_VERIFICATION", default="none")
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# One address an account; another takes its place by the password, once it is confirmed.
ACCOUNT_CHANGE_EMAIL = ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_ADAPTER = "assessments.web.accounts.Accounts"
ACCOUNT_FORMS = {"login": "assessments.web.account_forms.SignIn"}
SIGNUP_OPEN = env.bool("SPARRING_SIGNUP", default=True)
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_AGE = env.int("SPARRING_SESSION_HOURS", default=336) * 3600
SOCIALACCOUNT_ADAPTER = "assessments.web.accounts.SignOnAccounts"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # only addresses that the provider verified are taken
# The log-in form itself asks to wait after five failures; this counts over all processes and
# restarts. A class shares one address, and a name may be guessed at from many: lock the pair.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_LOCKOUT_CALLABLE = "assessments.web.accounts.locked"
AXES_COOLOFF_TIME = timedelta(minutes=15)
# Trying while it is locked does not lock it longer: the page says when to come back.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("SPARRING_FROM_EMAIL", default="sparring@localhost")

# --- Language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LOCALE_PATHS = [BASE / "locale"]
USE_TZ = True
TIME_ZONE = env.str("SPARRING_TIME_ZONE", default="UTC")

# --- Cache: what is counted to hold somebody up, and may be lost --------------------------------
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = api.REST_FRAMEWORK
SPECTACULAR_SETTINGS = api.SPECTACULAR

# --- Static files -----------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = env.str("SPARRING_STATIC_ROOT", default=str(VAR / "static"))
# Hashed names need collectstatic; without it WhiteNoise finds the files where they are.
STATIC_MANIFEST = env.bool("SPARRING_STATIC_MANIFEST", default=False)
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not STATIC_MANIFEST
_static_storage = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if STATIC_MANIFEST
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static_storage},
}

# --- Celery, web side -------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("BROKER_URL", default=embedded_url(VAR))
CELERY_BROKER_TRANSPORT_OPTIONS = transport_options() | {"socket_connect_timeout": 2}
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page does not wait for a broker that is away: the job is kept and sent again by ``recover``.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TASK_DEFAULT_QUEUE = WEB_QUEUE
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
RECOVER_SECONDS = 2
SWEEP_SECONDS = 5
FORGET_SECONDS = 3600
CELERY_BEAT_SCHEDULE = {
    "recover": {
        "task": "assessments.recover",
        "schedule": RECOVER_SECONDS,
        # Sweeps that nobody took do not pile up.
        "options": {"expires": RECOVER_SECONDS},
    },
    "sweep": {
        "task": "assessments.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    "forget_repeats": {
        "task": "assessments.forget_repeats",
        "schedule": FORGET_SECONDS,
        "options": {"expires": FORGET_SECONDS},
    },
}

# --- Submissions ------------------------------------------------------------------------------
GRADING_DEVICE = env.str("SPARRING_DEVICE", default="cpu")
# Those who have many waiting hold nobody else up, so there may be many.
SUBMISSIONS_UNFINISHED = env.int("SPARRING_SUBMISSIONS_UNFINISHED", default=50)
SUBMISSIONS_PER_MINUTE = env.int("SPARRING_SUBMISSIONS_PER_MINUTE", default=6)
# What was too noisy to decide is measured again by itself after each of these rests, then no more.
INCONCLUSIVE_RETRY_SECONDS = env.list("SPARRING_RETRY_SECONDS", cast=int, default=[30, 120, 600])
# A source of 100 kB grows when a form encodes it; what is larger is refused with a sentence.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- Metrics ----------------------------------------------------------------------------------
METRICS_TOKEN = metrics_token()

# --- Logs -------------------------------------------------------------------------------------
LOGGING = logs.settings(
    env.str("SPARRING_LOG_LEVEL", default="INFO").upper(),
    logs.chosen_format(env.str("SPARRING_LOG_FORMAT", default="")),
)
logs.configure()
