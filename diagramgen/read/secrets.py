"""Secrets in inputs: which keys hold them, which texts look like them, and a text with them masked.

Exports, templates and states hold shared keys, passwords, connection strings, certificates and signed links. They are
taken out of documents before anything else sees these (`spelling.tidy`), and masked in every line of a file that a
message shows. What is masked keeps its length, so that places stay right.
"""

from __future__ import annotations

import re

REMOVED = "(removed)"
"""What stands where a secret stood."""

_KEYS = frozenset(
    {
        "accountkey", "administratorloginpassword", "adminpassword", "apikey", "appsettings", "app_settings",
        "authorizationkey", "authorization_key", "certdata", "clientsecret", "client_secret", "connectionstrings",
        "connection_string", "customdata", "custom_data", "environmentvariables", "environment_variables", "keydata",
        "kubeconfig", "kube_config", "kube_config_raw", "kube_admin_config", "kube_admin_config_raw", "passphrase",
        "password", "pfx", "primarykey", "primary_key", "primarymasterkey", "private_key", "protectedsettings",
        "protected_settings", "publiccertdata", "public_cert_data", "pwd", "radiussecret", "sas", "sasuri",
        "secondarykey", "secondary_key", "secondarymasterkey", "secret", "securevalue", "secure_value", "service_key",
        "shared_key", "sshkey", "token", "userdata", "user_data", "value_wo", "secretvalue", "secrets",
        "secure_environment_variables", "site_credential", "pre_shared_key", "presharedkey", "psk", "radius_secret",
        "privatekeydata", "sas_token", "sas_url", "access_key", "storage_account_access_key", "primary_access_key",
        "secondary_access_key", "master_key", "licensekey", "license_key",
    }
)  # fmt: skip
"""Keys, in lower case, behind which everything is a secret."""
_ENDINGS = (
    "password", "secret", "connectionstring", "connection_string", "sharedkey", "shared_key", "servicekey",
    "privatekey", "private_key", "accesskey", "access_key", "sastoken", "sas_token", "apikey", "api_key",
    "accountkey", "account_key",
    "passwd", "passphrase", "masterkey", "master_key", "credentials", "_password_wo",
)  # fmt: skip
_NOT = frozenset(
    {
        # Say something about secrets, and hold none
        "disablepasswordauthentication", "disable_password_authentication", "resetpassword", "allowsharedkeyaccess",
        "shared_access_key_enabled", "keyvaultsecret", "secretname", "secret_name", "passwordauthentication",
        "password_auth_enabled", "key_vault_secret", "usesecret", "microsoft.keyvault/vaults/secrets",
    }
)  # fmt: skip
_SIGNED = re.compile(
    r"(?:AccountKey|SharedAccessKey|SharedAccessSignature|SharedSecretValue|Password|Pwd|sig|client_secret|access_token)"
    r"\s*=\s*(?P<told>[^;&\"'\s<>{}\[\]()]{4,})",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"-----BEGIN [A-Z ]*(?:PRIVATE KEY|CERTIFICATE)[^\"']*")
_BEARER = re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*")
_KEY_LIKE = re.compile(
    r"(?=[A-Za-z0-9+_]*[0-9])(?=[A-Za-z0-9+_]*[a-z])(?=[A-Za-z0-9+_]*[A-Z])[A-Za-z0-9+_]{40,}={0,2}"
)
"""Base64 of at least 30 bytes; no name or id of Azure's is so long without a `-`, `.` or `/` between words."""
_KEYWORDS = "|".join(sorted(_KEYS - {"secrets", "data"}, key=len, reverse=True))
_MEMBER = re.compile(
    # "sharedKey": "told"   sharedKey: told   ""sharedKey"":""told"" (a cell of a CSV)   sharedKey = "told"
    rf"(?P<key>[\w-]*(?:{'|'.join(sorted(_ENDINGS, key=len, reverse=True))})|\b(?:{_KEYWORDS}))"
    r"(?P<gap>\\?\"{0,2}'?\s*[:=]\s*'?)"
    r"(?:\\?\"\"(?P<cell>(?:[^\"\\\n]|\\.)*)|\\?\"(?P<quoted>(?:[^\"\\\n]|\\.)*)|(?P<bare>[^\s\"'{}\[\],][^\n\"{}\[\],]*))",
    re.IGNORECASE,
)


def is_secret_key(folded: str) -> bool:
    """Whether what stands behind a key, in lower case, is a secret.

    >>> [is_secret_key(key) for key in ("sharedkey", "admin_password", "disablepasswordauthentication", "name")]
    [True, True, False, False]
    """
    return (folded in _KEYS or folded.endswith(_ENDINGS)) and folded not in _NOT


def without_secrets(text: str) -> str:
    """A value with keys in connection strings, signatures of links, tokens and certificates taken out.

    >>> without_secrets("Endpoint=x;SharedAccessKey=abcd1234;y")
    'Endpoint=x;SharedAccessKey=(removed);y'
    """
    if "=" in text:
        text = _SIGNED.sub(lambda m: m.group()[: m.start("told") - m.start()] + REMOVED, text)
    if "-----" in text:
        text = _BLOCK.sub(REMOVED, text)
    if "eyJ" in text:
        text = _BEARER.sub(REMOVED, text)
    return text


def masked(text: str) -> str:
    """A file's text with every secret that can be told from its key or its looks masked, character by character.

    >>> masked('{"sharedKey": "abc", "name": "x"}')
    '{"sharedKey": "***", "name": "x"}'
    """
    text = _MEMBER.sub(_mask_member, text)
    for pattern in (_SIGNED, _BLOCK, _BEARER, _KEY_LIKE):
        text = pattern.sub(_mask, text)
    return text


def masked_json(text: str) -> str:
    """A part of a JSON document with every text masked but those that never hold a secret: what stands in a broken
    document, or in a state, may be anything.

    >>> masked_json('"value": "abc", "name": "x"')
    '"value": "***", "name": "x"'
    """
    return _JSON_MEMBER.sub(_mask_unless_plain, masked(text))


_JSON_MEMBER = re.compile(r'(?P<key>[\w$.@-]+)\\?"?\s*:\s*\\?"(?P<told>(?:[^"\\\n]|\\.)*)')
_PLAIN_KEYS = frozenset(
    """
    $schema access address addressprefix addressprefixes address_prefix address_prefixes address_space apiversion
    contentversion destinationaddressprefix destinationportrange direction format_version id kind languageversion
    location mode name nexthopipaddress nexthoptype peeringstate privateipaddress priority protocol resourceid
    resource_group_name resourcegroup resourcetype sourceaddressprefix sourceportrange subscriptionid terraform_version
    tier type uri version
    """.split()  # noqa: SIM905  read as words
)


def _mask_unless_plain(found: re.Match[str]) -> str:
    if found["key"].lower() in _PLAIN_KEYS or found["told"].startswith("["):  # an expression of a template
        return found.group()
    return _mask(found)


def _mask_member(found: re.Match[str]) -> str:
    if found["key"].lower() in _NOT:
        return found.group()
    for name in ("cell", "quoted", "bare"):
        if found[name] is not None:
            told = found[name]
            if name == "bare" and (
                told.strip().lower() in ("true", "false", "null", "~") or told.startswith(("|", ">"))
            ):
                return found.group()
            if told.startswith("[") and told.endswith(
                "]"
            ):  # an expression of a template, that names a parameter
                return found.group()
            return found.group()[: found.start(name) - found.start()] + _stars(told)
    return found.group()


def _mask(found: re.Match[str]) -> str:
    start = found.start("told") - found.start() if "told" in found.re.groupindex else 0
    return found.group()[:start] + _stars(found.group()[start:])


def _stars(told: str) -> str:
    """As many stars as characters; line ends stay, as lines are counted."""
    return re.sub(r"[^\r\n]", "*", told)
