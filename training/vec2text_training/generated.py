"""Made-up sentences full of names, numbers, dates, addresses and codes: what corpora hold too
little of.

A sentence is a template whose slots are drawn by Faker and by the functions below. Every person is
made up.
"""

import argparse
import random
import re
from dataclasses import dataclass
from pathlib import Path

from faker import Faker

from .command import set_command

TEMPLATES = """
{name} was born on {date} in {city}.
{name}, {age}, lives at {street} in {city}.
My name is {name} and my phone number is {phone}.
Please call {first} {last} at {phone} before {time}.
Call me back on {phone}, thanks, {first}.
You can reach {first} at {email}.
Send the {document} to {email} by {weekday}.
{first} moved from {city} to {city} in {year}.
{name} works as a {job} at {company}.
{name} joined {company} as {job} in {month} {year}.
{company} was founded in {year} and employs {count} people.
The revenue of {company} rose {percent} percent to {amount}.
{company} reported a loss of {amount} for the {ordinal} quarter.
Shares of {company} fell {percent} percent on {weekday}.
Invoice {code} over {amount} is due on {date}.
Your order {code} was shipped on {date} and will arrive by {weekday}.
Order {code}: {small} {product}, {amount} in total.
The {product} costs {amount} and weighs {decimal} kg.
We paid {amount} for {small} {product} last {weekday}.
A refund of {amount} was sent to the account {iban}.
The card ending in {digits4} was charged {amount} at {time}.
The password for {username} is {password}.
The server {ip} did not answer at {time}.
Error {digits4} in module {username} after {decimal} seconds.
Ticket {code}: {first} cannot log in since {date}.
Ticket {code} was closed by {first} {last} on {date}.
The meeting with {first} and {first} is on {weekday} at {time} in room {digits3}.
Let us meet at {time} on {weekday}, {street}.
The train to {city} leaves at {time} from platform {digit}.
Flight {flight} from {city} to {city} departs at {time}.
I would like to book a table for {small} on {date} at {time}.
We need {small} rooms in {city} from {date} to {date}.
The hotel is at {street}, {city}, {postcode}.
Deliver to {name}, {street}, {postcode} {city}.
The patient, a {age}-year-old {sex}, was admitted on {date}.
Patient {name}, born {date}, was given {number} mg of {drug}.
Blood pressure was {bp}, pulse {pulse}, temperature {temperature} degrees.
{drug} {number} mg was prescribed {times} a day for {small} days.
The {age}-year-old {sex} complains of {symptom} since {weekday}.
No signs of {symptom}; follow-up in {small} weeks.
History of {symptom} in {year}, treated with {drug}.
{name} scored {small} goals in {count} games for {city}.
{city} beat {city} {digit}-{digit} on {weekday}.
{first} won the race in {digit} minutes and {decimal} seconds.
The population of {city} was {count} in {year}.
The bridge is {count} metres long and was opened in {year}.
The road runs {decimal} miles from {city} to {city}.
About {count} people attended the concert in {city} on {date}.
{name} ({year}-{year}) was a {nationality} {job}.
In {year}, {name} married {name} in {city}.
Case number {code} was filed against {company} on {date}.
{name} signed the contract with {company} on {date}.
The lease for {street} ends on {date}.
Employee {digits5}, {name}, earns {amount} a year.
{first} has {small} vacation days left in {year}.
Social security number {ssn} belongs to {name}.
The passport {passport} of {name} expires on {date}.
License plate {plate} was seen in {city} at {time}.
The package {code} weighs {decimal} pounds.
Version {version} was released on {date}.
Please update to version {version} before {month} {year}.
The file {filename} was changed by {username} at {time}.
Commit {hexcode} broke the build on {weekday}.
{first}: see you at {time}!
ok {first}, {time} works for me
Hi {first}, did you get the {document} from {company}?
Hello {first}, the {document} is attached, best regards, {name}.
Dear {last}, your appointment is on {date} at {time}.
Reminder: {document} due {date}.
Note: {first} owes me {amount} since {month}.
Temperature {temperature}, humidity {percent} percent, wind {small} km/h.
Sold {small} of {count} {product} in {month}.
The {product} in {colour} is out of stock until {date}.
{colour} {product}, size {small}, {amount}.
Mix {number} g of flour with {small} eggs and {number} ml of milk.
The account {username} was created from {ip} on {date}.
{count} records of {company} were leaked in {month} {year}.
{name} transferred {amount} to {name} on {date}.
The survey of {count} adults had a margin of error of {decimal} points.
In {month} {year}, inflation was {decimal} percent.
""".strip().splitlines()

WORDS = dict(
    product="laptops,chairs,printers,bicycles,headphones,tickets,boxes,phones,cables,lamps,shirts,batteries,cameras,tables,keyboards,tyres".split(
        ","
    ),
    document="report,invoice,contract,draft,agenda,form,presentation,receipt,certificate,proposal,minutes,budget".split(
        ","
    ),
    drug="ibuprofen,metformin,aspirin,lisinopril,amoxicillin,insulin,warfarin,prednisone,omeprazole,atorvastatin,morphine,paracetamol".split(
        ","
    ),
    symptom="chest pain,headache,fever,shortness of breath,back "
    "pain,nausea,dizziness,pneumonia,fracture,diabetes,asthma,a rash".split(","),
    sex="man,woman,male,female,boy,girl".split(","),
    times="once,twice,three times,four times".split(","),
    ordinal="first,second,third,fourth".split(","),
    nationality="American,British,German,French,Italian,Canadian,Russian,Polish,Indian,Japanese,Swedish,Australian".split(
        ","
    ),
)
MONTHS = (
    "January February March April May June July August September October November December".split()
)
CURRENCIES = "$ € £".split()


class Slots:
    """Draws what stands in a slot."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.faker = Faker(["en_US", "en_GB", "en_CA", "en_AU"])
        self.faker.seed_instance(seed)

    def __getitem__(self, slot):
        if slot in WORDS:
            return self.rng.choice(WORDS[slot])
        return str(getattr(self, "draw_" + slot)())

    def number(self, digits):
        return self.rng.randrange(10 ** (digits - 1) if digits > 1 else 0, 10**digits)

    def draw_name(self):
        return f"{self.draw_first()} {self.draw_last()}"

    def draw_first(self):
        return self.faker.first_name()

    def draw_last(self):
        return self.faker.last_name()

    def draw_city(self):
        return self.faker.city()

    def draw_street(self):
        return self.faker.street_address().replace("\n", ", ")

    def draw_postcode(self):
        return self.faker.postcode()

    def draw_company(self):
        return self.faker.company()

    def draw_job(self):
        return self.faker.job().lower()

    def draw_colour(self):
        return self.faker.color_name().lower()

    def draw_phone(self):
        return self.faker.phone_number()

    def draw_email(self):
        return self.faker.email()

    def draw_iban(self):
        return self.faker.iban()

    def draw_ip(self):
        return self.faker.ipv4()

    def draw_username(self):
        return self.faker.user_name()

    def draw_password(self):
        return self.faker.password(
            length=self.rng.randint(6, 10), special_chars=self.rng.random() < 0.4
        )

    def draw_ssn(self):
        return f"{self.number(3):03d}-{self.number(2):02d}-{self.number(4):04d}"

    def draw_passport(self):
        return "".join(
            self.rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(self.rng.randint(1, 2))
        ) + str(self.number(7))

    def draw_plate(self):
        return self.faker.license_plate()

    def draw_filename(self):
        return self.faker.file_name()

    def draw_hexcode(self):
        return f"{self.rng.randrange(16**7):07x}"

    def draw_version(self):
        return ".".join(
            str(self.number(self.rng.choice((1, 1, 2)))) for _ in range(self.rng.randint(2, 3))
        )

    def draw_code(self):
        letters = "".join(
            self.rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(self.rng.randint(0, 3))
        )
        separator = self.rng.choice(("-", "", " ")) if letters else ""
        return f"{letters}{separator}{self.number(self.rng.randint(3, 7))}"

    def draw_flight(self):
        airline = self.rng.choice(("LH", "BA", "UA", "AA", "DL", "AF", "KL"))
        return f"{airline} {self.number(self.rng.randint(3, 4))}"

    def draw_age(self):
        return self.rng.randint(1, 99)

    def draw_year(self):
        return (
            self.rng.randint(1850, 2035)
            if self.rng.random() < 0.3
            else self.rng.randint(1980, 2030)
        )

    def draw_month(self):
        return self.rng.choice(MONTHS)

    def draw_weekday(self):
        return self.rng.choice("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())

    def draw_date(self):
        d, m, y = self.rng.randint(1, 28), self.rng.randint(1, 12), self.draw_year()
        month = MONTHS[m - 1]
        return self.rng.choice(
            (
                f"{d} {month} {y}",
                f"{month} {d}, {y}",
                f"{month} {d}",
                f"{y}-{m:02d}-{d:02d}",
                f"{d:02d}/{m:02d}/{y}",
                f"{d}.{m}.{y}",
                f"{month[:3]} {d}",
                f"{d} {month}",
            )
        )

    def draw_time(self):
        h, m = self.rng.randint(0, 23), self.rng.choice((0, 15, 30, 45, self.rng.randint(0, 59)))
        return self.rng.choice(
            (
                f"{h}:{m:02d}",
                f"{h % 12 or 12}:{m:02d} {'am' if h < 12 else 'pm'}",
                f"{h % 12 or 12} {'am' if h < 12 else 'pm'}",
            )
        )

    def draw_amount(self):
        units = round(10 ** self.rng.uniform(0.5, 6), 2)
        plain = self.rng.choice((f"{units:,.2f}", f"{units:,.0f}", f"{units:.0f}"))
        large = round(10 ** self.rng.uniform(0, 2.5), 1)
        large = f"{large:g} {self.rng.choice(('million', 'billion'))}"
        return self.rng.choice(
            (
                f"{self.rng.choice(CURRENCIES)}{plain}",
                f"{plain} {self.rng.choice(('euros', 'dollars', 'pounds', 'EUR', 'USD'))}",
                f"{large} {self.rng.choice(('euros', 'dollars'))}",
                f"${large}",
            )
        )

    def draw_count(self):
        n = round(10 ** self.rng.uniform(1, 6))
        return self.rng.choice((f"{n:,}", str(n)))

    def draw_small(self):
        return self.rng.choice(
            (
                str(self.rng.randint(2, 40)),
                self.rng.choice("two three four five six seven eight nine ten twelve".split()),
            )
        )

    def draw_number(self):
        return self.rng.choice((self.rng.randint(1, 99) * 5, self.number(2), self.number(3)))

    def draw_percent(self):
        return self.rng.choice((str(self.rng.randint(1, 100)), f"{self.rng.uniform(0, 60):.1f}"))

    def draw_decimal(self):
        return f"{10 ** self.rng.uniform(-0.5, 2):.{self.rng.randint(1, 2)}f}"

    def draw_temperature(self):
        return self.rng.choice((f"{self.rng.uniform(35, 41):.1f}", str(self.rng.randint(-20, 104))))

    def draw_bp(self):
        return f"{self.rng.randint(90, 200)}/{self.rng.randint(50, 120)}"

    def draw_pulse(self):
        return self.rng.randint(45, 140)

    def draw_digit(self):
        return self.number(1)

    def draw_digits3(self):
        return self.number(3)

    def draw_digits4(self):
        return self.number(4)

    def draw_digits5(self):
        return self.number(5)


_SLOT = re.compile(r"\{(\w+)\}")


def fill(template, slots):
    return _SLOT.sub(lambda m: slots[m[1]], template)


def texts(seed):
    """Sentences without end; a third are followed by another."""
    slots = Slots(seed)
    while True:
        yield " ".join(
            fill(slots.rng.choice(TEMPLATES), slots) for _ in range(slots.rng.choice((1, 1, 2)))
        )


@dataclass(frozen=True, kw_only=True)
class Generation:
    """What to make up."""

    count: int
    output: Path
    seed: int


def write(options: Generation) -> None:
    source = texts(options.seed)
    with open(options.output, "w", encoding="utf8") as f:
        for _ in range(options.count):
            f.write(next(source) + "\n")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--output", type=Path, required=True, help="text file, a text a line")
    parser.add_argument("--seed", type=int, default=1)
    set_command(parser, write, Generation)
