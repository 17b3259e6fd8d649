"""Makes a hundred documents that give orders: each order of orders.txt in each carrier of carriers.txt.

    corpus.py documents DIRECTORY   writes them as files 0 to 99
    corpus.py names DIRECTORY       makes a folder for each that can be the name of a file, with a
                                    file of that name
    corpus.py ROUTE                 prints a record for each, in which the order comes by the route:
                                    results, ids, tools, content
"""

import base64
import html
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent


def lines(name):
    text = (HERE / name).read_text(encoding="utf-8").splitlines(keepends=True)
    return [line for line in text if not line.startswith("# ")]


def forms(order):
    return {
        "order": order,
        "base64": base64.b64encode(order.encode()).decode(),
        "hex": order.encode().hex(),
        "reversed": order[::-1],
        "hidden": "\u200b".join(order),
        "entities": "".join(f"&#{ord(letter)};" for letter in order),
        "escaped": json.dumps(order)[1:-1],
    }


def documents():
    orders = [line.strip().split(" | ", 1) for line in lines("orders.txt") if line.strip()]
    carriers = "".join(lines("carriers.txt")).split("=== ")[1:]
    number = 0
    for carrier in carriers:
        name, text = carrier.split("\n", 1)
        for call, words in orders:
            order = words.replace("{call}", call).replace("{id}", str(number))
            for form, value in forms(order).items():
                if "{" + form + "}" in text:
                    yield text.replace("{" + form + "}", value)
            number += 1


QUESTION = "How do I rotate a key?"


def record(route, number, text):
    asked = [{"role": "user", "content": QUESTION}]
    found = {"id": f"doc-{number}", "score": 1, "content": "Keys are rotated monthly."}
    if route == "results":
        return {"messages": asked, "results": [{**found, "content": text}]}
    if route == "ids":
        return {"messages": asked, "results": [{**found, "id": text}]}
    if route == "content":
        return {"content": f"{QUESTION}\n\n{text}", "metadata": {"path": f"docs/{number}.md"}}
    if route == "tools":
        described = {"name": "lookup", "description": text,
                     "parameters": {"type": "object", "properties": {}}}
        return {"messages": asked, "tools": [{"type": "function", "function": described}]}
    raise SystemExit(f"no route {route}")


def main():
    route, *folder = sys.argv[1:]
    for number, text in enumerate(documents()):
        if route == "documents":
            (pathlib.Path(folder[0]) / str(number)).write_text(text, encoding="utf-8")
        elif route == "names":
            name = text.replace("\n", " ")
            if len(name.encode()) <= 255 and "/" not in name:
                place = pathlib.Path(folder[0]) / str(number)
                place.mkdir()
                (place / name).touch()
        else:
            print(json.dumps({"id": str(number), **record(route, number, text)}))


if __name__ == "__main__":
    main()
