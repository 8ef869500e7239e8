"""Simulated persons with a hidden case, and the judge of what the bot tells them.

Written from the contract alone: nothing here imports the rules, the engine or the dialogue of the bot.
"""
