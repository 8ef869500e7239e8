"""`python -m knowledge > docs/rules.md`: the page of rules, written afresh from the data."""

import sys

from knowledge import load, render_rules_md

if __name__ == "__main__":
    sys.stdout.write(render_rules_md(load()))
