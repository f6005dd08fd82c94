"""The one-time link by which a peer worker joins."""

from bot.context import Context
from bot.errors import SettingsError
from bot.handoff.peers import invite


async def invitation_link(
    context: Context, alias: str, experience: str, languages: str, hours: str
) -> str:
    """A link that opens Telegram and makes whoever follows it the peer worker `alias`.

    Raises:
        SettingsError: when there is no Telegram token to make a link for.
    """
    from bot.telegram.connector import check_token

    if not context.settings.telegram_token:
        raise SettingsError("Peer workers answer on Telegram: set TELEGRAM_TOKEN first.")
    bot_name = await check_token(context.settings)
    with context.database.session() as session:
        token = invite(session, alias, experience, languages, hours, context.now())
    return f"https://t.me/{bot_name}?start=peer_{token}"
