"""Random rules with the first days that python-dateutil (2.9) finds for each: `python3 oracle.py 800 > oracle.txt`.

Left out is what Tandem means otherwise: days that a month does not have.
"""

import random
import sys
from datetime import date, datetime, timedelta

from dateutil.rrule import rrulestr

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def rule(dice):
    period = dice.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts = [f"FREQ={period}"]
    if dice.random() < 0.6:
        parts.append(f"INTERVAL={dice.randint(2, 12)}")
    days = dice.sample(WEEKDAYS, dice.randint(1, 4))
    months = sorted(dice.sample(range(1, 13), dice.randint(1, 3)))
    if period == "YEARLY" and dice.random() < 0.8 or dice.random() < 0.1:
        parts.append("BYMONTH=" + ",".join(map(str, months)))
    of_months = period == "MONTHLY" or period == "YEARLY" and len(parts) > 1 and "BYMONTH" in parts[-1]
    kind = dice.random()
    if period in ("DAILY", "WEEKLY") and kind < 0.6:
        parts.append("BYDAY=" + ",".join(days))
    elif of_months and kind < 0.3:
        numbers = dice.sample([1, 2, 3, 4, -1, -2], dice.randint(1, 2))
        parts.append("BYDAY=" + ",".join(f"{number}{day}" for day in days for number in numbers))
    elif of_months and kind < 0.5:
        parts.append("BYDAY=" + ",".join(days))
        if dice.random() < 0.7:
            parts.append(f"BYSETPOS={dice.choice([1, 2, 3, -1, -2])}")
    elif of_months and kind < 0.8:
        parts.append("BYMONTHDAY=" + ",".join(map(str, dice.sample([-1, *range(1, 29)], dice.randint(1, 3)))))
        if dice.random() < 0.2:
            parts.append("BYDAY=" + ",".join(days))
    if period == "WEEKLY" and dice.random() < 0.5:
        parts.append(f"WKST={dice.choice(WEEKDAYS)}")
    return ";".join(parts)


def main(count):
    dice = random.Random(20261130)
    while count:
        anchor = date(1995, 1, 1) + timedelta(dice.randrange(20_000))
        if anchor.day > 28:
            continue
        text = rule(dice)
        if dice.random() < 0.15:
            text += f";COUNT={dice.randint(1, 6)}"
        elif dice.random() < 0.15:
            text += f";UNTIL={anchor + timedelta(dice.randrange(700)):%Y%m%d}"
        days = []
        for day in rrulestr(text, dtstart=datetime(anchor.year, anchor.month, anchor.day)):
            if len(days) == 8 or day.year > anchor.year + 90:
                break
            days.append(f"{day:%Y-%m-%d}")
        print(f"{anchor} {text} | {' '.join(days)}")
        count -= 1


main(int(sys.argv[1]))
