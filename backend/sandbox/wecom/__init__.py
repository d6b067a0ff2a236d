"""A small server that imitates the WeCom (企业微信) API over real HTTP, so that sign-on, contacts,
messages and callbacks can be tried without a corp. It must never face the outside."""
