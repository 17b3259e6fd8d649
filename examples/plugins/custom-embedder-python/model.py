"""A model's folder in the format of sentence-transformers, with the network as ONNX.

    model.onnx or onnx/model.onnx       the network
    tokenizer.json                      the tokenizer
    modules.json                        the steps after the network: pooling, normalisation
    1_Pooling/config.json               the pooling of a text's token vectors into one
    sentence_bert_config.json           the maximum number of tokens, and the use of case
    config_sentence_transformers.json   the prompts before a query or a document

The first two are required; the others have the defaults of sentence-transformers.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

import numpy
import onnxruntime
from hector_plugin import PluginError
from tokenizers import Tokenizer

# The names of the prompt for a kind of text.
PROMPTS = {"query": ("query",), "document": ("document", "passage", "corpus")}


@dataclass
class Tokens:
    ids: numpy.ndarray
    # 1 for tokens, 0 where a shorter text is padded.
    mask: numpy.ndarray
    types: numpy.ndarray
    # The mask, without prompts if the model pools without them.
    pooled: numpy.ndarray


class Model:
    def __init__(self, folder: Path, threads: int = 0) -> None:
        """`threads` is the number of computing threads, 0 for one per processor."""
        if not folder.is_dir():
            raise PluginError(f"there is no folder '{folder}': 'model' names the model's folder")
        self.folder = folder
        modules = self._modules()
        self.normalises = "Normalize" in modules
        pooling = self._json(f"{modules['Pooling'] or '.'}/config.json") if "Pooling" in modules \
            else {}
        self.poolings = _poolings(pooling, folder)
        self.pools_prompts = pooling.get("include_prompt", True)
        self._read_prompts()
        self._open_tokenizer()
        self._open_network(threads)

    def tokens(self, texts: Sequence[str], input_types: Sequence[str]) -> Tokens:
        prompts = [self._prompt(type) for type in input_types]
        whole = [(prompt + text).strip() for prompt, text in zip(prompts, texts)]
        if self.lower_case:
            whole = [text.lower() for text in whole]
        encodings = self.tokenizer.encode_batch(whole)
        ids = numpy.array([encoding.ids for encoding in encodings], numpy.int64)
        mask = numpy.array([encoding.attention_mask for encoding in encodings], numpy.int64)
        types = numpy.array([encoding.type_ids for encoding in encodings], numpy.int64)
        if ids.shape[1] == 0:
            raise PluginError("the text has no tokens")
        pooled = mask.copy()
        if not self.pools_prompts:
            for row, prompt in zip(pooled, prompts):
                row[:self._length(prompt)] = 0
        return Tokens(ids, mask, types, pooled)

    def vectors(self, tokens: Tokens) -> numpy.ndarray:
        given = {"input_ids": tokens.ids, "attention_mask": tokens.mask,
                 "token_type_ids": tokens.types}
        (output,) = self.network.run(
            [self.output], {name: given[name].astype(kind) for name, kind in self.inputs.items()})
        output = output.astype(numpy.float32)
        if output.ndim == 3:
            mask = tokens.pooled.astype(numpy.float32)[:, :, None]
            output = numpy.concatenate([pool(output, mask) for pool in self.poolings], axis=1)
        if self.normalises:
            lengths = numpy.linalg.norm(output, axis=1, keepdims=True)
            output = output / numpy.maximum(lengths, 1e-12)
        return output

    # The folder's files

    def _json(self, name: str, kind: type = dict) -> Any:
        """Returns the content of the file, of this type; an empty one if the file is missing."""
        path = self.folder / name
        if not path.exists():
            return kind()
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise PluginError(f"cannot read '{path}': {error}") from error
        if not isinstance(value, kind):
            raise self._unfit(name, "an object" if kind is dict else "an array", value)
        return value

    def _unfit(self, name: str, expected: str, value: Any) -> PluginError:
        text = json.dumps(value, ensure_ascii=False)
        shown = text if len(text) <= 60 else text[:60] + "…"
        return PluginError(f"'{self.folder / name}' must have {expected}, not {shown}")

    def _length_in(self, name: str, key: str) -> Optional[float]:
        """Returns a number of tokens, if the file has one."""
        value = self._json(name).get(key)
        if value is None or type(value) in (int, float) and value >= 1:
            return value
        raise self._unfit(name, f"a whole number from 1 on as '{key}'", value)

    def _read_prompts(self) -> None:
        name = "config_sentence_transformers.json"
        self.prompts = self._json(name)
        prompts = self.prompts.get("prompts")
        texts = prompts.values() if isinstance(prompts, dict) else [prompts or ""]
        if not isinstance(prompts or {}, dict) or not all(isinstance(one, str) for one in texts):
            raise self._unfit(name, "texts by name as 'prompts'", prompts)
        default = self.prompts.get("default_prompt_name")
        if not isinstance(default or "", str):
            raise self._unfit(name, "a text as 'default_prompt_name'", default)

    def _modules(self) -> Dict[str, str]:
        """Returns the folder of each module's files, by its kind."""
        listed = self._json("modules.json", list)
        if not listed:
            return {"Transformer": ""}
        for module in listed:
            if not isinstance(module, dict) or not all(
                    isinstance(module.get(key), str) for key in ("type", "path")):
                raise self._unfit(
                    "modules.json", "an array of objects with texts 'type' and 'path'", listed)
        modules = {module["type"].split(".")[-1]: module["path"] for module in listed}
        for kind in modules:
            if kind not in ("Transformer", "Pooling", "Normalize"):
                raise PluginError(
                    f"'{self.folder / 'modules.json'}' has a module '{kind}': "
                    "only Transformer, Pooling and Normalize can be done here")
        if "Pooling" in modules and not (self.folder / modules["Pooling"] / "config.json").exists():
            path = self.folder / modules["Pooling"] / "config.json"
            raise PluginError(f"'{path}' is missing, which 'modules.json' names")
        return modules

    def _open_tokenizer(self) -> None:
        path = self.folder / "tokenizer.json"
        if not path.exists():
            raise PluginError(f"'{path}' is missing: is '{self.folder}' a model's folder?")
        try:
            self.tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:
            raise PluginError(f"cannot read '{path}': {error}") from error
        limits = self._json("sentence_bert_config.json")
        self.lower_case = bool(limits.get("do_lower_case"))
        length = self._length_in("sentence_bert_config.json", "max_seq_length") or _least(
            self._length_in("tokenizer_config.json", "model_max_length"),
            self._length_in("config.json", "max_position_embeddings"))
        if length:
            # Texts are never longer, and the library does not allow a larger number.
            self.tokenizer.enable_truncation(max_length=int(min(length, 2 ** 31)))
        padding = self.tokenizer.padding or {}
        names = self._json("tokenizer_config.json")
        name = padding.get("pad_token") or names.get("pad_token") or "[PAD]"
        name = name.get("content") if isinstance(name, dict) else name
        if not isinstance(name, str):
            raise self._unfit("tokenizer_config.json", "a text as 'pad_token'", name)
        pad = self.tokenizer.token_to_id(name)
        self.tokenizer.enable_padding(
            pad_id=pad if pad is not None else 0, pad_token=name,
            direction=padding.get("direction", "right"))

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
        self.inputs = {one.name: numpy.int32 if one.type == "tensor(int32)" else numpy.int64
                       for one in self.network.get_inputs()}
        for name in self.inputs:
            if name not in ("input_ids", "attention_mask", "token_type_ids"):
                raise PluginError(f"'{path}' wants '{name}', which a text does not give")
        # Token vectors are pooled here; a network with pooling returns only vectors of texts.
        ranks = {one.name: len(one.shape) for one in self.network.get_outputs()}
        outputs = [name for rank in (3, 2) for name in ranks if ranks[name] == rank]
        if not outputs:
            raise PluginError(f"'{path}' answers neither with token vectors nor with vectors")
        self.output = outputs[0]

    # Prompts

    def _prompt(self, input_type: str) -> str:
        known = self.prompts.get("prompts") or {}
        for name in PROMPTS.get(input_type, ()):
            if name in known:
                return known[name]
        return known.get(self.prompts.get("default_prompt_name") or "", "")

    def _length(self, prompt: str) -> int:
        """Returns the number of tokens of a prompt, which come before the text's own."""
        if not prompt:
            return 0
        encoding = self.tokenizer.encode(prompt)
        tokens = sum(encoding.attention_mask)
        ends = encoding.special_tokens_mask[tokens - 1] if tokens else 0
        return tokens - ends


# Pooling: token vectors [text, token, number] and their mask become [text, number].

Pooling = Callable[[numpy.ndarray, numpy.ndarray], numpy.ndarray]


def _count(mask: numpy.ndarray) -> numpy.ndarray:
    return numpy.maximum(mask.sum(axis=1), 1e-9)


def _first(vectors: numpy.ndarray, mask: numpy.ndarray) -> numpy.ndarray:
    return vectors[numpy.arange(len(vectors)), mask[:, :, 0].argmax(axis=1)]


def _last(vectors: numpy.ndarray, mask: numpy.ndarray) -> numpy.ndarray:
    last = mask.shape[1] - 1 - mask[:, ::-1, 0].argmax(axis=1)
    return vectors[numpy.arange(len(vectors)), last]


def _max(vectors: numpy.ndarray, mask: numpy.ndarray) -> numpy.ndarray:
    return numpy.where(mask > 0, vectors, numpy.float32(-1e9)).max(axis=1)


def _mean(vectors: numpy.ndarray, mask: numpy.ndarray) -> numpy.ndarray:
    return (vectors * mask).sum(axis=1) / _count(mask)


def _mean_sqrt(vectors: numpy.ndarray, mask: numpy.ndarray) -> numpy.ndarray:
    return (vectors * mask).sum(axis=1) / numpy.sqrt(_count(mask))


def _weighted(vectors: numpy.ndarray, mask: numpy.ndarray) -> numpy.ndarray:
    """Weights later tokens more: the first once, the second twice, and so on."""
    weights = mask * numpy.arange(1, mask.shape[1] + 1, dtype=numpy.float32)[None, :, None]
    return _mean(vectors, weights)


# In the order in which sentence-transformers concatenates them, with the older and the newer names
# in its files.
POOLINGS: List[Tuple[str, str, Pooling]] = [
    ("pooling_mode_cls_token", "cls", _first),
    ("pooling_mode_max_tokens", "max", _max),
    ("pooling_mode_mean_tokens", "mean", _mean),
    ("pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens", _mean_sqrt),
    ("pooling_mode_weightedmean_tokens", "weightedmean", _weighted),
    ("pooling_mode_lasttoken", "lasttoken", _last),
]


def _poolings(config: Dict[str, Any], folder: Path) -> List[Pooling]:
    mode = config.get("pooling_mode")
    modes = [mode] if isinstance(mode, str) else mode or []
    known = {name for _, name, _ in POOLINGS}
    if not isinstance(modes, list):
        raise PluginError(f"'{folder}' must have a text or texts as 'pooling_mode', not {mode!r}")
    for name in modes:
        if not isinstance(name, str) or name not in known:
            raise PluginError(f"'{folder}' pools by '{name}', which is not known here")
    found = [pool for flag, name, pool in POOLINGS if config.get(flag) or name in modes]
    if config and not found:
        raise PluginError(f"'{folder}' has a pooling that is not known here")
    return found or [_mean]


def _least(*numbers: Optional[float]) -> Optional[int]:
    # A tokenizer without a limit has the limit 1e30.
    return min((int(number) for number in numbers if number and number < 1e6), default=None)
