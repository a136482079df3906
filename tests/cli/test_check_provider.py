"""`kuliss check` and the OpenID provider: there, away, of everybody, or none."""

from app.cli.check_provider import findings
from app.connectors import openid
from app.foundation.settings import Settings
from tests.support.openid import openid_provider


def with_issuer(issuer: str) -> Settings:
    return Settings(_env_file=None, oidc_issuer=issuer, oidc_client_id="x", oidc_client_secret="x")


def test_the_provider_is_looked_at() -> None:
    assert list(findings(Settings(_env_file=None))) == []
    with openid_provider() as provider:
        (found,) = findings(with_issuer(provider.issuer))
        assert found.well
        assert "/sign-in/provider/callback" in found.words
        provider.issuer += "/another"  # it says that it is somebody else
        openid.forget()
        assert [one.well for one in findings(with_issuer(provider.issuer.removesuffix("/another")))] == [
            False
        ]
    assert [one.well for one in findings(with_issuer("http://127.0.0.1:9"))] == [False]
    many = list(findings(with_issuer("https://login.microsoftonline.com/common/v2.0")))
    assert "all tenants" in many[0].words
