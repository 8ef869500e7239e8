"""Telegram: people write here, staff take over here. The only room that knows aiogram and asyncio."""
