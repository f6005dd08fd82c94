"""`python -m bot` is `passerelle`."""

from bot.cli import main

if __name__ == "__main__":
    main()
