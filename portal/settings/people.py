"""How people get in and stay in: accounts, second factor, sessions, cookies."""

from portal.settings.base import DEMONSTRATION, FACE, PRODUCTION, env

AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["portal.faces.FaceBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"

ACCOUNT_ADAPTER = "portal.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "add_email": "portal.account_forms.NewAddressForm",
    "login": "portal.account_forms.SignInForm",
    "reset_password": "portal.account_forms.ForgottenPasswordForm",
    "signup": "portal.account_forms.SignUpForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    # The key is address and account together: nobody can lock somebody else out from afar.
    "login_failed": "30/m/ip,8/5m/key",
    "codes_here": "6/5m/key",
    # Guessing codes from many addresses takes the password first; passkeys go on working.
    "codes_anywhere": "30/h/key",
}
# How many proxies of our own stand in front and may be believed about the client's address.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

MFA_ADAPTER = "portal.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "activate_totp": "portal.account_forms.ActivateCodesForm",
    "add_webauthn": "portal.account_forms.AddPasskeyForm",
    "authenticate": "portal.account_forms.CodeForm",
    "reauthenticate": "portal.account_forms.CodeAgainForm",
    "authenticate_webauthn": "portal.account_forms.PasskeyForm",
    "login_webauthn": "portal.account_forms.LoginPasskeyForm",
    "reauthenticate_webauthn": "portal.account_forms.PasskeyAgainForm",
}
USERSESSIONS_TRACK_ACTIVITY = False

INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)
# A second factor reset waits this long after its second approval, then can be used for a day.
RECOVERY_WAIT_MINUTES = env.int("RECOVERY_WAIT_MINUTES", default=1 if DEMONSTRATION else 24 * 60)
RECOVERY_LASTS_HOURS = 24

SESSION_ENGINE = "portal.sessions"
SESSION_COOKIE_NAME = f"portal_{FACE}" if not PRODUCTION else f"__Host-portal_{FACE}"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_NAME = f"portal_{FACE}_csrf" if not PRODUCTION else f"__Host-portal_{FACE}_csrf"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.rescue.stale"
