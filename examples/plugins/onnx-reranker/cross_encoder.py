"""A cross-encoder's folder, as sentence-transformers has it, with the network as ONNX.

    model.onnx or onnx/model.onnx   the network: question and text in, one number out
    tokenizer.json                  the tokenizer
    config.json                     whether the number is a score or becomes one from 0 to 1
    tokenizer_config.json           the maximum number of tokens
"""

import json
import os
from pathlib import Path
from typing import Any, Dict, Iterator, List, Sequence

import numpy
import onnxruntime
from hector_plugin import PluginError
from tokenizers import Encoding, Tokenizer

# The number of tokens that go through the network at once, padding included, unless one pair alone
# has more. With more, what is computed no longer fits into the processor's caches.
TOKENS = 256


class CrossEncoder:
    def __init__(self, folder: Path, threads: int = 0, max_length: int = 0) -> None:
        """`threads` is the number of computing threads, 0 for one per processor; `max_length` the
        number of tokens of a question and a text, 0 for the model's own."""
        if not folder.is_dir():
            raise PluginError(f"there is no folder '{folder}': 'model' names the model's folder")
        self.folder = folder
        config = self._json("config.json")
        # Newer files have the function's name under the library's, older ones at the top.
        library = config.get("sentence_transformers")
        name = (library if isinstance(library, dict) else config).get("activation_fn") or config.get(
            "sbert_ce_default_activation_function") or "Sigmoid"
        self.is_scaled = not str(name).endswith("Identity")
        self._open_tokenizer(max_length, config)
        self._open_network(threads)

    def encode(self, query: str, texts: Sequence[str]) -> List[Encoding]:
        """Returns the tokens of each pair. What is too long is cut, the longer of both first."""
        return self.tokenizer.encode_batch([(query, text) for text in texts])

    def groups(self, pairs: Sequence[Encoding]) -> Iterator[List[int]]:
        """Divides pairs, by their positions, into groups of similar length that fit into memory."""
        group: List[int] = []
        for number in sorted(range(len(pairs)), key=lambda n: -len(pairs[n].ids)):
            if group and len(pairs[group[0]].ids) * (len(group) + 1) > TOKENS:
                yield group
                group = []
            group.append(number)
        if group:
            yield group

    def scores(self, pairs: Sequence[Encoding]) -> List[float]:
        longest = max(len(pair.ids) for pair in pairs)
        given = {name: numpy.full((len(pairs), longest), blank, numpy.int64)
                 for name, blank in (
                     ("input_ids", self.pad), ("attention_mask", 0), ("token_type_ids", 0))}
        for row, pair in enumerate(pairs):
            length = len(pair.ids)
            given["input_ids"][row, :length] = pair.ids
            given["attention_mask"][row, :length] = 1
            given["token_type_ids"][row, :length] = pair.type_ids
        (output,) = self.network.run(
            [self.output], {name: given[name].astype(kind, copy=False)
                            for name, kind in self.inputs.items()})
        output = output.astype(numpy.float64).reshape(len(pairs), -1)
        if output.shape[1] != 1:
            raise PluginError(f"the model has {output.shape[1]} numbers for a pair, not one")
        scores = output[:, 0]
        if self.is_scaled:
            # The same as 1 / (1 + exp(-x)), for which a very negative x is too large.
            scores = 0.5 * (1 + numpy.tanh(0.5 * scores))
        return scores.tolist()

    # The folder's files

    def _json(self, name: str) -> Dict[str, Any]:
        path = self.folder / name
        if not path.exists():
            return {}
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise PluginError(f"cannot read '{path}': {error}") from error
        if not isinstance(value, dict):
            raise PluginError(f"'{path}' must have an object")
        return value

    def _open_tokenizer(self, max_length: int, config: Dict[str, Any]) -> None:
        path = self.folder / "tokenizer.json"
        if not path.exists():
            raise PluginError(f"'{path}' is missing: is '{self.folder}' a model's folder?")
        try:
            self.tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:
            raise PluginError(f"cannot read '{path}': {error}") from error
        names = self._json("tokenizer_config.json")
        limits = [value for value in (
            names.get("model_max_length"), config.get("max_position_embeddings"))
            # A tokenizer without a limit has the limit 1e30.
            if isinstance(value, (int, float)) and 1 <= value < 1e6]
        most = int(min(limits)) if limits else 0
        if most and max_length > most:
            raise PluginError(f"'max_length' must be at most {most}, the model's, not {max_length}")
        self.max_length = max_length or most
        padding = self.tokenizer.padding or {}
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        if self.max_length:
            ends = self.tokenizer.num_special_tokens_to_add(True)
            if self.max_length <= ends:
                raise PluginError(f"'max_length' must be more than {ends}, the tokens at the ends")
            self.tokenizer.enable_truncation(max_length=self.max_length)
        name = padding.get("pad_token") or names.get("pad_token") or "[PAD]"
        name = name.get("content") if isinstance(name, dict) else name
        self.pad = self.tokenizer.token_to_id(str(name)) or 0

    def _open_network(self, threads: int) -> None:
        paths = [self.folder / "model.onnx", self.folder / "onnx" / "model.onnx"]
        path = next((path for path in paths if path.exists()), None)
        if path is None:
            raise PluginError(
                f"'{paths[0]}' is missing, and so is '{paths[1]}': "
                "the model has to be in ONNX form")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or len(os.sched_getaffinity(0))
        # Every group has another shape: a plan of its memory for each would only grow.
        options.enable_mem_pattern = False
        # Threads that wait sleep: host and database compute beside it.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        try:
            self.network = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise PluginError(f"cannot read '{path}': {error}") from error
        self.inputs = {one.name: numpy.int32 if one.type == "tensor(int32)" else numpy.int64
                       for one in self.network.get_inputs()}
        for name in self.inputs:
            if name not in ("input_ids", "attention_mask", "token_type_ids"):
                raise PluginError(f"'{path}' wants '{name}', which a pair does not give")
        self.output = self.network.get_outputs()[0].name
