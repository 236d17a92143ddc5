"""The ``corredor`` command."""

from corredor.interfaces.cli.main import command


def main() -> None:
    command(prog_name="corredor")


if __name__ == "__main__":
    main()
