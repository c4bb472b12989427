"""The parts of tools/audit-stores that are no shell: texts, stores, comparisons, the table.

    python tools/audit_stores.py COMMAND FOLDER ...

All people, numbers and secrets are made up. The sentences that hold them are others than those
that the models were trained on (training/vec2text_training/generated.py), but of the same kind.
"""

import argparse
import collections
import hashlib
import json
import lzma
import math
import os
import random
import re
import socket
import struct
import urllib.request
from pathlib import Path

import numpy as np

TEMPLATES = {
    "email": ["For questions, write an e-mail to {}.", "Her new address is {}, please use it.", "{} asked for a refund."],
    "phone": ["After lunch I am at {}.", "You may ring the nurse on {}.", "His mobile is {}, at any hour."],
    "iban": ["Salaries are paid from {}.", "The donation goes to {}."],
    "payment-card": ["She read out {} on the telephone.", "The hotel kept my card, {}, on file."],
    "us-ssn": ["The form gives {} as her social security number.", "His SSN, {}, is wrong in our files."],
    "uk-nino": ["Her national insurance number, {}, is missing from the form."],
    "birth-date": ["The child was born on {} at home.", "His date of birth is {}."],
    "postal-address": ["The parcel was left at {}.", "They moved to {} in spring."],
    "ip-address": ["The attack came from {}.", "Please block {} at once."],
    "url-credentials": ["The job reads from {} every night."],
    "password": ["The password is {}, as before.", "His password is {}.", "Your PIN is {}."],
    "secret-key": ["The script had {} in it."],
    "person-name": ["{} missed the appointment.", "The claim of {} was refused.", "We spoke with {} about the loan."],
}  # fmt: skip
GIVEN = "Jennifer Michael Linda Thomas Susan Kevin Angela Robert Karen Brian Laura Steven".split()
SURNAMES = "Miller Johnson Garcia Nguyen Anderson Wilson Moore Clark Lewis Walker Young".split()
MONTHS = "January March April May June July August September October November".split()
STREETS = "Maple Oak Victoria Mill Church Valley Park Station".split()
WAYS = "Street Avenue Road Lane Drive".split()
DATA = Path("vec2text-eval/src/main/resources/io/vec2text/eval")


class Values:
    """Draws values by kind."""

    def __init__(self, rng):
        self.rng = rng
        self.pick = rng.choice

    def digits(self, n):
        return str(self.rng.randrange(10 ** (n - 1), 10**n))

    def of(self, kind):
        return getattr(self, kind.replace("-", "_"))()

    def email(self):
        first, last = self.pick(GIVEN).lower(), self.pick(SURNAMES).lower()
        host = self.pick(["gmail.com", "example.org", "mail.example.com"])
        return f"{first}{self.pick(['.', '_', ''])}{last}@{host}"

    def phone(self):
        return f"{self.rng.randint(201, 989)}-{self.rng.randint(201, 989)}-{self.digits(4)}"

    def iban(self):
        account = self.digits(18)
        check = 98 - int(account + "131400") % 97  # DE is 13 14
        return re.sub(r"(.{4})(?!$)", r"\1 ", f"DE{check:02d}{account}")

    def payment_card(self):
        digits = "4" + self.digits(14)
        doubled = "".join(str(int(d) * (2 - i % 2)) for i, d in enumerate(digits))
        check = -sum(map(int, doubled)) % 10
        return re.sub(r"(.{4})(?!$)", r"\1 ", f"{digits}{check}")

    def us_ssn(self):
        return f"{self.rng.randint(100, 665)}-{self.digits(2)}-{self.digits(4)}"

    def uk_nino(self):
        numbers = " ".join(self.digits(2) for _ in range(3))
        return f"{self.pick(['AB', 'CE', 'JG', 'PW'])} {numbers} {self.pick('ABCD')}"

    def birth_date(self):
        return f"{self.rng.randint(1, 28)} {self.pick(MONTHS)} {self.rng.randint(1930, 2009)}"

    def postal_address(self):
        return f"{self.rng.randint(1, 999)} {self.pick(STREETS)} {self.pick(WAYS)}"

    def ip_address(self):
        return ".".join(str(self.rng.randint(11, 223)) for _ in range(4))

    def url_credentials(self):
        return f"postgres://{self.pick(['admin', 'backup'])}:{self.password()}@db.example.com"

    def password(self):
        return self.pick(["hunter", "dragon", "summer", "qwerty"]) + self.digits(2)

    def secret_key(self):
        return "AKIA" + "".join(self.pick("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(16))

    def person_name(self):
        return f"{self.pick(GIVEN)} {self.pick(SURNAMES)}"


def personal(rng, count):
    """Sentences with their labels, kinds in turn."""
    values = Values(rng)
    made = {}
    kinds = list(TEMPLATES)
    for i in range(100 * count):
        kind = kinds[len(made) % len(kinds)]
        template = rng.choice(TEMPLATES[kind])
        value = values.digits(4) if "PIN" in template else values.of(kind)
        made.setdefault(template.format(value), (kind, value))
        if len(made) == count:
            return made
    raise SystemExit(f"could not make {count} different sentences with personal data")


def others(texts):
    """Other sentences: of a file, or else those that the evaluation ships."""
    if texts is None:
        for name in ("wikipedia-dev.tsv", "wikipedia-test.tsv"):
            for line in (DATA / name).read_text(encoding="utf8").splitlines():
                yield line.split("\t", 1)[1]
        return
    with (lzma.open if texts.suffix == ".xz" else open)(texts, "rt", encoding="utf8") as lines:
        for line in lines:
            for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z\"])", " ".join(line.split())):
                if 4 <= len(sentence.split()) <= 24:
                    yield sentence


def make_texts(args):
    rng = random.Random(args.seed)
    labelled = personal(rng, args.records // 10)
    plain = sorted(set(others(args.texts)) - set(labelled))
    wanted = args.records - len(labelled)
    if len(plain) < wanted:
        raise SystemExit(
            f"found {len(plain)} sentences, expected {wanted} for {args.records} records: name a"
            " text file with --texts"
        )
    texts = rng.sample(plain, wanted) + list(labelled)
    rng.shuffle(texts)
    folder = args.folder
    (folder / "texts.txt").write_text("".join(t + "\n" for t in texts), encoding="utf8")
    with open(folder / "truth.jsonl", "w", encoding="utf8") as f:
        for i, text in enumerate(texts):
            record = {"id": f"chunk-{i:06d}", "text": text, "label": labelled.get(text)}
            f.write(json.dumps(record) + "\n")


def truth(folder):
    with open(folder / "truth.jsonl", encoding="utf8") as lines:
        return {record["id"]: record for record in map(json.loads, lines)}


def records(folder):
    """Ids, texts and vectors as JSON: the shortest decimals that are the same float32."""
    for record, vector in zip(
        truth(folder).values(), np.load(folder / "texts.npy"), strict=True
    ):
        yield record["id"], record["text"], "[" + ",".join(map(str, vector)) + "]"


def make_files(args):
    """JSON lines, npz with ids, and what PostgreSQL copies in."""
    folder = args.folder
    ids = list(truth(folder))
    np.savez(folder / "chunks.npz", ids=np.array(ids), embeddings=np.load(folder / "texts.npy"))
    with (
        open(folder / "chunks.jsonl", "w", encoding="utf8") as lines,
        open(folder / "chunks.sql", "w", encoding="utf8") as sql,
    ):
        sql.write("create extension if not exists vector;\n")
        sql.write("create table chunks (id text primary key, body text, embedding vector);\n")
        sql.write("copy chunks from stdin;\n")
        for name, text, vector in records(folder):
            lines.write(f'{{"id":"{name}","embedding":{vector}}}\n')
            sql.write(name + "\t" + text.replace("\\", "\\\\") + "\t" + vector + "\n")
        sql.write("\\.\n")


def post(url, body, method="POST", kind="application/json"):
    request = urllib.request.Request(
        url, data=body.encode(), method=method, headers={"Content-Type": kind}
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.loads(answer.read() or b"{}")


def batches(folder, size=200):
    batch = []
    for record in records(folder):
        batch.append(record)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def load_chroma(args):
    path = args.url + "/api/v2/tenants/default_tenant/databases/default_database/collections"
    collection = post(path, '{"name":"chunks"}')["id"]
    for batch in batches(args.folder):
        ids = json.dumps([name for name, _, _ in batch])
        vectors = ",".join(vector for _, _, vector in batch)
        post(f"{path}/{collection}/add", f'{{"ids":{ids},"embeddings":[{vectors}]}}')


def load_opensearch(args):
    mapping = {"properties": {"embedding": {"type": "float"}, "body": {"type": "text"}}}
    settings = {"number_of_shards": 3, "number_of_replicas": 0}
    index = json.dumps({"settings": settings, "mappings": mapping})
    post(args.url + "/chunks", index, method="PUT")
    for batch in batches(args.folder):
        body = "".join(
            f'{{"index":{{"_id":"{name}"}}}}\n{{"body":{json.dumps(text)},"embedding":{vector}}}\n'
            for name, text, vector in batch
        )
        answer = post(args.url + "/chunks/_bulk", body, kind="application/x-ndjson")
        if answer["errors"]:
            raise SystemExit("OpenSearch refused records")
    post(args.url + "/chunks/_refresh", "")


def load_redis(args):
    """Hashes with raw float32, their keys being the ids."""

    def command(*words):
        words = [w if isinstance(w, bytes) else w.encode() for w in words]
        return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in words)

    vectors = np.load(args.folder / "texts.npy").astype("<f4")
    commands = [command("AUTH", os.environ["VEC2TEXT_STORE_PASSWORD"])]
    for record, vector in zip(truth(args.folder).values(), vectors, strict=True):
        fields = ("body", record["text"], "embedding", vector.tobytes())
        commands.append(command("HSET", record["id"], *fields))
    host, port = args.address.split(":")
    with socket.create_connection((host, int(port)), timeout=120) as connection:
        replies = connection.makefile("rb")
        for sent in commands:
            connection.sendall(sent)
            if replies.readline()[:1] == b"-":
                raise SystemExit("Redis refused a command")


def canonical(report, same_source):
    """A report without times and, of other sources, without their name and the order of records."""
    root = json.loads(report.read_text(encoding="utf8"))
    del root["subject"]["date"], root["effort"]["seconds"]
    if not same_source:
        del root["subject"]["source"]
    for finding in root["findings"]:
        del finding["seconds"]
        if not same_source:
            del finding["index"]
            finding.pop("line", None)
    return json.dumps(root, sort_keys=True)


def compare(args):
    first, *rest = args.reports
    expected = canonical(first, args.same_source)
    for report in rest:
        if canonical(report, args.same_source) != expected:
            raise SystemExit(f"{report.stem}: the report is another one than that of {first.stem}")
        print(f"{report.stem}: the same report as {first.stem}")


def sampled(names, seed, size):
    """The ids of the sample, drawn as docs/audit.md says."""

    def rank(name):
        digest = hashlib.sha256(struct.pack("<q", seed) + b"id:" + name.encode()).digest()
        return struct.unpack("<q", digest[:8])[0]

    return sorted(names, key=rank)[:size]


def wilson(count, of):
    if of == 0:
        return "–"
    z = 1.959964
    p = count / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return f"{100 * p:.0f} % ({100 * max(0, middle - half):.0f}–{100 * min(1, middle + half):.0f})"


def bare(text):
    return re.sub(r"\s", "", text.lower())


def table(args):
    """What came back beside the labels, which no detector made."""
    report = json.loads(args.report.read_text(encoding="utf8"))
    known = truth(args.folder)
    sample = sampled(known, report["subject"]["seed"], report["sampling"]["drawn"])
    found = collections.defaultdict(list)
    for finding in report["findings"]:
        if finding["exactness"] == "verbatim":
            found[finding["id"], finding["type"]].append(finding)
    if strangers := {name for name, _ in found} - set(sample):
        raise SystemExit(f"{len(strangers)} records with findings are not of the sample")
    print("| kind | truth | recovered | recall (95 %) | claimed | right | seconds a record |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for kind in [*TEMPLATES, "all"]:
        kinds = TEMPLATES if kind == "all" else [kind]
        labels = [(n, *known[n]["label"]) for n in sample if (known[n]["label"] or [0])[0] in kinds]
        claims = [f for k in kinds for (_, t), fs in found.items() if t == k for f in fs]
        recovered = sum(
            any(bare(value) in bare(f["value"]) for f in found[name, label])
            for name, label, value in labels
        )
        right = sum(bare(f["value"]) in bare(known[f["id"]]["text"]) for f in claims)
        seconds = [f["seconds"] for f in claims]
        mean = f"{sum(seconds) / len(seconds):.2f}" if seconds else "–"
        print(
            f"| {kind} | {len(labels)} | {recovered} | {wilson(recovered, len(labels))} |"
            f" {len(claims)} | {right} | {mean} |"
        )
    shares, sampling = report["shares"], report["sampling"]
    for name in ("exact", "readable", "leaking"):
        s = shares[name]
        print(
            f"{'' if name != 'exact' else chr(10)}* {name}: {s['count']} of {s['sample']} records,"
            f" {s['atLeast']} to {s['atMost']} of all {s['population']}"
        )
    effort = report["effort"]
    print(
        f"* {effort['embeddings'] / max(1, sampling['inverted']):.0f} embeddings and"
        f" {effort['seconds'] / max(1, sampling['inverted']):.2f} seconds a record"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)

    def command(name, run):
        added = commands.add_parser(name)
        added.set_defaults(run=run)
        added.add_argument("folder", type=Path)
        return added

    texts = command("texts", make_texts)
    texts.add_argument("--records", type=int, required=True)
    texts.add_argument("--seed", type=int, required=True)
    texts.add_argument("--texts", type=Path)
    command("files", make_files)
    command("chroma", load_chroma).add_argument("url")
    command("opensearch", load_opensearch).add_argument("url")
    command("redis", load_redis).add_argument("address")
    compared = command("compare", compare)
    compared.add_argument("reports", type=Path, nargs="+")
    compared.add_argument("--same-source", action="store_true")
    command("table", table).add_argument("report", type=Path)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
