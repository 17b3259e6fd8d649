"""A model's folder in the format of sentence-transformers, with the network as ONNX.

    model.onnx or onnx/model.onnx       the network
    tokenizer.json                      the tokenizer
    modules.json, 1_Pooling/config.json the steps after the network: pooling, normalisation
    sentence_bert_config.json           the maximum number of tokens
    config_sentence_transformers.json   the prompts before a query or a document

Only what most models need, to be read in one sitting; ../onnx-embedder has the rest.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Sequence

import numpy
import onnxruntime
from hector_plugin import PluginError
from tokenizers import Tokenizer

# The names of the prompt for a kind of text.
PROMPTS = {"query": ("query",), "document": ("document", "passage", "corpus")}
MEAN, FIRST = "pooling_mode_mean_tokens", "pooling_mode_cls_token"


@dataclass
class Tokens:
    ids: numpy.ndarray
    # 1 for tokens, 0 where a shorter text is padded.
    mask: numpy.ndarray
    types: numpy.ndarray


class Model:
    def __init__(self, folder: Path, threads: int = 0) -> None:
        """`threads` is the number of computing threads, 0 for one per processor."""
        if not folder.is_dir():
            raise PluginError(f"there is no folder '{folder}': 'model' names the model's folder")
        self.folder = folder
        kinds = [str(module.get("type")).split(".")[-1]
                 for module in self._json("modules.json", []) if isinstance(module, dict)]
        self.normalises = "Normalize" in kinds
        pooling = self._json("1_Pooling/config.json", {})
        modes = [name for name, value in pooling.items() if name.startswith("pooling_mode") and value]
        if set(kinds) - {"Transformer", "Pooling", "Normalize"} or modes not in ([], [MEAN], [FIRST]):
            raise PluginError(
                f"'{folder}' needs more than the mean or the first of its tokens, which this example "
                "does not do: the plugin hector-onnx-embedder does")
        self.takes_first = modes == [FIRST]
        self.prompts = self._json("config_sentence_transformers.json", {}).get("prompts") or {}
        self._open_tokenizer()
        self._open_network(threads)

    def tokens(self, texts: Sequence[str], input_types: Sequence[str]) -> Tokens:
        encodings = self.tokenizer.encode_batch(
            [(self._prompt(type) + text).strip() for type, text in zip(input_types, texts)])
        ids, mask, types = (
            numpy.array([getattr(encoding, name) for encoding in encodings], numpy.int64)
            for name in ("ids", "attention_mask", "type_ids"))
        if ids.shape[1] == 0:
            raise PluginError("the text has no tokens")
        return Tokens(ids, mask, types)

    def vectors(self, tokens: Tokens) -> numpy.ndarray:
        given = {"input_ids": tokens.ids, "attention_mask": tokens.mask,
                 "token_type_ids": tokens.types}
        output = self.network.run(None, {name: given[name] for name in self.inputs})[0]
        if self.takes_first:
            vectors = output[:, 0]
        else:
            mask = tokens.mask[:, :, None].astype(numpy.float32)
            vectors = (output * mask).sum(axis=1) / mask.sum(axis=1)
        if self.normalises:
            lengths = numpy.linalg.norm(vectors, axis=1, keepdims=True)
            vectors = vectors / numpy.maximum(lengths, 1e-12)
        return vectors

    def _prompt(self, input_type: str) -> str:
        known = (self.prompts[name] for name in PROMPTS.get(input_type, ()) if name in self.prompts)
        return next(known, "")

    # The folder's files

    def _json(self, name: str, missing: Any) -> Any:
        """Returns the content of the file, which has to be of the same type as `missing`."""
        path = self.folder / name
        if not path.exists():
            return missing
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise PluginError(f"cannot read '{path}': {error}") from error
        if not isinstance(value, type(missing)):
            expected = "an object" if missing == {} else "an array"
            raise PluginError(f"'{path}' must have {expected}, not {json.dumps(value)[:60]}")
        return value

    def _open_tokenizer(self) -> None:
        path = self.folder / "tokenizer.json"
        if not path.exists():
            raise PluginError(f"'{path}' is missing: is '{self.folder}' a model's folder?")
        try:
            self.tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:
            raise PluginError(f"cannot read '{path}': {error}") from error
        name = "sentence_bert_config.json"
        length = self._json(name, {}).get("max_seq_length", 512)
        if type(length) is not int or length < 1:
            raise PluginError(f"'{self.folder / name}' must have a whole number from 1 on as "
                              f"'max_seq_length', not {json.dumps(length)[:60]}")
        self.tokenizer.enable_truncation(max_length=length)
        self.tokenizer.enable_padding(
            pad_id=self.tokenizer.token_to_id("[PAD]") or 0, pad_token="[PAD]")

    def _open_network(self, threads: int) -> None:
        paths = [self.folder / "model.onnx", self.folder / "onnx" / "model.onnx"]
        path = next((path for path in paths if path.exists()), None)
        if path is None:
            raise PluginError(
                f"'{paths[0]}' is missing, and so is '{paths[1]}': "
                "the model has to be in ONNX form")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        try:
            self.network = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise PluginError(f"cannot read '{path}': {error}") from error
        self.inputs = [one.name for one in self.network.get_inputs()]
        for name in self.inputs:
            if name not in ("input_ids", "attention_mask", "token_type_ids"):
                raise PluginError(f"'{path}' wants '{name}', which a text does not give")
