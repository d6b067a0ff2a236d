"""The ordinary WeChat mini program of the experience officers: its id, its secret, its messages."""

from pydantic import Field, SecretStr

from backend.clients.given import Address, Given


class MiniProgram(Given):
    """One mini program of mp.weixin.qq.com, which is not that of a corp.

    `templates` are the subscription messages chosen in its console: our name of a message → the
    template's id there. A message without a template is not sent.
    """

    appid: str = Field(pattern=r"^wx[0-9A-Za-z]{6,30}$")
    secret: SecretStr = Field(min_length=1)
    templates: dict[str, str] = Field(default_factory=dict)
    api_base: Address = "https://api.weixin.qq.com"
    state: str = Field("formal", pattern=r"^(formal|trial|developer)$")
