"""The documents and questions of the search rows: texts whose words are as unequal as those of a
language, and vectors that lie in clusters, as those of a model do. The same on every machine."""
import base64
import json
import pathlib
import sys

import numpy

DIMENSION = 384
CLUSTERS = 2_000
WORDS = 60
VOCABULARY = 200_000
BLOCK = 10_000


def vocabulary():
    """Returns words of two to five syllables, the most frequent first."""
    random = numpy.random.default_rng(1)
    syllables = [a + b for a in "bcdfglmnprstv" for b in "aeiou"]
    words = dict.fromkeys(
        "".join(syllables[number] for number in row[:length])
        for row, length in zip(random.integers(0, len(syllables), (VOCABULARY * 2, 5)),
                               random.integers(2, 6, VOCABULARY * 2)))
    return numpy.array(list(words)[:VOCABULARY])


class Data:
    def __init__(self):
        self.words = vocabulary()
        weights = 1 / numpy.arange(1, len(self.words) + 1) ** 0.9
        self.sums = numpy.cumsum(weights / weights.sum())
        self.centres = numpy.random.default_rng(2).standard_normal(
            (CLUSTERS, DIMENSION), dtype="float32")

    def texts(self, random, count, words):
        numbers = numpy.searchsorted(self.sums, random.random((count, words)))
        return [" ".join(row) for row in self.words[numpy.minimum(numbers, len(self.words) - 1)]]

    def vectors(self, random, count):
        rows = self.centres[random.integers(0, CLUSTERS, count)]
        rows = rows + 0.7 * random.standard_normal((count, DIMENSION), dtype="float32")
        return rows / numpy.linalg.norm(rows, axis=1, keepdims=True)

    def blocks(self, count):
        """Yields (first number, texts, vectors) of the documents."""
        for first in range(0, count, BLOCK):
            random, size = numpy.random.default_rng(1000 + first), min(BLOCK, count - first)
            yield first, self.texts(random, size, WORDS), self.vectors(random, size)

    def questions(self, count):
        random = numpy.random.default_rng(7)
        return self.texts(random, count, 6), self.vectors(random, count)


def line(record, vector=None):
    if vector is not None:
        record["vector"] = base64.b64encode(vector.astype("<f4").tobytes()).decode()
    return json.dumps(record) + "\n"


def write(folder, count, questions):
    """Writes documents.jsonl (also without texts, as bare.jsonl) and questions.jsonl."""
    data, folder = Data(), pathlib.Path(folder)
    with open(folder / "documents.jsonl", "w") as full, open(folder / "bare.jsonl", "w") as bare:
        for first, texts, vectors in data.blocks(count):
            for number, (text, vector) in enumerate(zip(texts, vectors), first):
                facts = {"hundredth": number % 100, "rare": number % 10_000, "number": number}
                full.write(line({"id": str(number), "content": text, "metadata": facts}, vector))
                bare.write(line({"id": str(number), "metadata": facts}, vector))
    with open(folder / "questions.jsonl", "w") as file:
        for number, (text, vector) in enumerate(zip(*data.questions(questions))):
            file.write(line({"id": f"q{number}", "content": text}, vector))


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
