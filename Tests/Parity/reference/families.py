"""The tiny models: one of every family and shape that the engine computes."""

import copy
from dataclasses import dataclass

import torch
from transformers import (
    AlbertConfig,
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    BertConfig,
    DebertaV2Config,
    DistilBertConfig,
    ElectraConfig,
    EuroBertConfig,
    Gemma2Config,
    Gemma3TextConfig,
    GPT2Config,
    GPTNeoXConfig,
    GraniteConfig,
    LlamaConfig,
    MistralConfig,
    ModernBertConfig,
    ModernBertDecoderConfig,
    MPNetConfig,
    Olmo2Config,
    OPTConfig,
    Phi3Config,
    PretrainedConfig,
    Qwen2Config,
    Qwen3Config,
    RobertaConfig,
    SmolLM3Config,
    XLMRobertaConfig,
)

from .inputs import VOCABULARY, generator

POSITIONS = 32

# What PEFT calls the matrices of a layer; `#` stands for the layer's number, and `joint` is the one
# matrix that makes queries, keys and values.
OPT = dict(
    query="q_proj", key="k_proj", value="v_proj", output="out_proj", up="fc1", down="fc2")
GPT2 = dict(joint="c_attn", output="attn.c_proj", up="mlp.c_fc", down="mlp.c_proj")
NEOX = dict(
    joint="query_key_value", output="attention.dense", up="dense_h_to_4h", down="dense_4h_to_h")
LLAMA = dict(
    query="q_proj", key="k_proj", value="v_proj", output="o_proj", gate="gate_proj", up="up_proj",
    down="down_proj")
PHI3 = dict(joint="qkv_proj", output="o_proj", up="gate_up_proj", down="down_proj")
MODERNBERT = dict(joint="Wqkv", output="attn.Wo", up="Wi", down="mlp.Wo")
ETTIN = dict(
    query="q_proj", key="k_proj", value="v_proj", output="attn.Wo", up="Wi", down="mlp.Wo")
BERT = dict(
    query="query", key="key", value="value", output="attention.output.dense",
    up="intermediate.dense", down="layer.#.output.dense")
ALBERT = dict(
    query="query", key="key", value="value", output="attention.dense", up="ffn", down="ffn_output")
MPNET = dict(
    query="attn.q", key="attn.k", value="attn.v", output="attn.o", up="intermediate.dense",
    down="layer.#.output.dense")
DEBERTA = dict(
    query="query_proj", key="key_proj", value="value_proj", output="attention.output.dense",
    up="intermediate.dense", down="layer.#.output.dense")
DISTILBERT = dict(
    query="q_lin", key="k_lin", value="v_lin", output="out_lin", up="lin1", down="lin2")

EVERY_METHOD = (
    "full", "frozen", "distillation", "probe", "tapt", "lora", "lora-all", "lora-plus", "rslora",
    "dora", "bitfit", "ia3", "prompt", "prefix")


def without(*names):
    """Every method but some."""
    return tuple(method for method in EVERY_METHOD if method not in names)


# LoRA+ is a matter of the optimizer and magnifies rounding most: it stays with three decoders.
DECODER = without("lora-plus")
# Relatives differ in how a layer computes, not in what trains: a few methods tell.
RELATIVE = ("full", "tapt", "lora-all", "dora", "ia3", "prompt", "prefix")
# Those of an encoder, into which nobody passes keys and values from outside.
RELATIVE_ENCODER = ("full", "lora-all", "dora", "ia3", "prompt")
ENCODER = without("lora-plus", "distillation", "tapt")  # which are about next words
# What can differ in a relative of BERT's.
BERT_RELATIVE = ("full", "probe", "lora-all", "dora", "bitfit", "ia3")


@dataclass(frozen=True)
class Family:
    """A tiny model, what PEFT calls its matrices, and the methods that are recorded for it."""

    name: str
    config: PretrainedConfig
    kind: type  # the class whose folder a user would have downloaded
    modules: dict[str, str]
    methods: tuple[str, ...]
    folders: tuple[str, ...] = ()  # the methods whose adapter is kept as PEFT saves it

    @property
    def is_encoder(self):
        return self.kind is not AutoModelForCausalLM

    @property
    def layers(self):
        return self.config.num_hidden_layers

    @property
    def embedding_width(self):
        """Of a token's embedding; OPT-350M's is narrower than its layers."""
        return getattr(self.config, "word_embed_proj_dim", self.config.hidden_size)

    def targets(self, parts):
        """PEFT's names of parts of every layer."""
        names = [self.modules[part] for part in parts]
        return [
            name.replace("#", str(layer)) for name in names
            for layer in (range(self.layers) if "#" in name else (0,))]

    def model(self):
        """The model with random weights, larger than usual ones so that all parts matter."""
        # Eager attention is the plain formula, with one order of summation for all lengths.
        model = self.kind.from_config(self.config, attn_implementation="eager").eval()
        random = generator(self.name, "weights")
        neutral = 0 if self.config.model_type.startswith("gemma") else 1  # Gemma's factor is 1 + w
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                noise = torch.randn(parameter.shape, generator=random)
                if parameter.dim() > 1:
                    is_table = "emb" in name or "wte" in name or "wpe" in name
                    parameter.copy_(noise * (0.5 if is_table else parameter.shape[1] ** -0.5))
                elif name.endswith("weight"):
                    parameter.copy_(neutral + 0.2 * noise)
                else:
                    parameter.copy_(0.2 * noise)
        return model


def families():
    common = dict(vocab_size=VOCABULARY, bos_token_id=2, eos_token_id=2, pad_token_id=1)
    opt = dict(
        common, hidden_size=24, ffn_dim=36, num_attention_heads=4,
        max_position_embeddings=POSITIONS)
    neox = dict(
        common, hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=POSITIONS,
        rope_parameters=dict(rope_type="default", rope_theta=1e4, partial_rotary_factor=0.25))
    llama = dict(
        common, hidden_size=24, intermediate_size=36, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=POSITIONS)
    encoder = dict(
        vocab_size=VOCABULARY, hidden_size=24, intermediate_size=36, num_hidden_layers=2,
        max_position_embeddings=POSITIONS)
    narrow = dict(encoder, hidden_size=12, intermediate_size=16)
    relative = dict(
        common, hidden_size=16, intermediate_size=20, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=POSITIONS, tie_word_embeddings=True)
    modern = dict(
        vocab_size=VOCABULARY, hidden_size=16, intermediate_size=20, num_hidden_layers=3,
        num_attention_heads=2, max_position_embeddings=POSITIONS,
        layer_types=["full_attention", "sliding_attention", "full_attention"],
        rope_parameters=dict(
            full_attention=dict(rope_type="default", rope_theta=500.0),
            sliding_attention=dict(rope_type="default", rope_theta=100.0)),
        pad_token_id=1, bos_token_id=2, eos_token_id=3, cls_token_id=2, sep_token_id=3)
    decoder = AutoModelForCausalLM
    return [
        Family(
            "opt", OPTConfig(**opt, num_hidden_layers=3, word_embed_proj_dim=24), decoder, OPT,
            EVERY_METHOD, ("lora", "rslora", "dora", "ia3", "prompt", "prefix")),
        Family(
            "opt-post-norm",
            OPTConfig(
                **opt, num_hidden_layers=2, word_embed_proj_dim=16, do_layer_norm_before=False),
            decoder, OPT, (*DECODER, "head")),
        Family(
            "gpt2",
            GPT2Config(**common, n_embd=20, n_layer=2, n_head=4, n_positions=POSITIONS), decoder,
            GPT2, EVERY_METHOD, ("lora", "dora", "ia3", "prompt", "prefix")),
        Family("neox", GPTNeoXConfig(**neox), decoder, NEOX, DECODER),
        Family(
            "neox-serial", GPTNeoXConfig(**neox, use_parallel_residual=False), decoder, NEOX,
            DECODER),
        # Llama and Mistral have no biases.
        Family("llama", LlamaConfig(**llama, head_dim=8), decoder, LLAMA, without("bitfit")),
        Family(
            "llama-tied",
            LlamaConfig(
                **llama, tie_word_embeddings=True,
                rope_parameters=dict(rope_type="default", rope_theta=500.0)),
            decoder, LLAMA, (*without("lora-plus", "bitfit"), "head")),
        Family(
            "mistral",
            MistralConfig(**dict(llama, num_attention_heads=6), num_key_value_heads=2, head_dim=6),
            decoder, LLAMA, without("lora-plus", "bitfit")),
        Family(
            "qwen2",
            Qwen2Config(
                **dict(llama, num_attention_heads=6), num_key_value_heads=3,
                tie_word_embeddings=True),
            decoder, LLAMA, DECODER),
        # A context so short that every band of angles has some: the same, interpolated, divided.
        Family(
            "llama3",
            LlamaConfig(
                **dict(relative, head_dim=8),
                rope_parameters=dict(
                    rope_type="llama3", rope_theta=500.0, factor=4.0, low_freq_factor=1.0,
                    high_freq_factor=4.0, original_max_position_embeddings=16)),
            decoder, LLAMA, RELATIVE),
        Family(
            "qwen3",
            Qwen3Config(
                **dict(relative, num_hidden_layers=3), head_dim=6, use_sliding_window=True,
                sliding_window=4, max_window_layers=1),
            decoder, LLAMA, RELATIVE),
        Family(
            "smollm3",
            SmolLM3Config(
                **relative, no_rope_layer_interval=2, use_sliding_window=True, sliding_window=4),
            decoder, LLAMA, RELATIVE),
        Family(
            "granite",
            GraniteConfig(
                **relative, embedding_multiplier=3.0, residual_multiplier=0.4,
                attention_multiplier=0.3, logits_scaling=2.0),
            decoder, LLAMA, RELATIVE),
        Family(
            "olmo2", Olmo2Config(**dict(relative, tie_word_embeddings=False)), decoder, LLAMA,
            RELATIVE),
        Family(
            "phi3",
            Phi3Config(
                **dict(
                    relative, num_attention_heads=2, num_key_value_heads=1,
                    max_position_embeddings=2 * POSITIONS),
                original_max_position_embeddings=POSITIONS, sliding_window=4,
                rope_parameters=dict(
                    rope_type="longrope", rope_theta=1e4, partial_rotary_factor=0.75,
                    short_factor=[1.0, 1.3, 1.7], long_factor=[2.0, 3.0, 5.0])),
            decoder, PHI3, RELATIVE),
        # Caps so low that they are felt.
        Family(
            "gemma2",
            Gemma2Config(
                **relative, head_dim=6, query_pre_attn_scalar=9, sliding_window=4,
                attn_logit_softcapping=2.0, final_logit_softcapping=3.0),
            decoder, LLAMA, RELATIVE),
        Family(
            "gemma3",
            Gemma3TextConfig(
                **relative, head_dim=6, query_pre_attn_scalar=9, sliding_window=4,
                layer_types=["sliding_attention", "full_attention"],
                rope_parameters=dict(
                    full_attention=dict(rope_type="linear", rope_theta=500.0, factor=2.0),
                    sliding_attention=dict(rope_type="default", rope_theta=100.0))),
            decoder, LLAMA, RELATIVE),
        # Saved without a prefix and with a pooler, as MiniLM is; the others with their word heads.
        Family(
            "bert", BertConfig(**encoder, num_attention_heads=3, pad_token_id=0), AutoModel, BERT,
            ENCODER),
        # Transformers' DistilBERT takes no keys and values from outside: PEFT has no prefix for it.
        Family(
            "distilbert",
            DistilBertConfig(
                vocab_size=VOCABULARY, dim=20, hidden_dim=36, n_layers=2, n_heads=4,
                max_position_embeddings=POSITIONS, pad_token_id=0),
            AutoModelForMaskedLM, DISTILBERT,
            without("lora-plus", "distillation", "tapt", "prefix")),
        Family(
            "roberta",
            RobertaConfig(
                **dict(encoder, max_position_embeddings=POSITIONS + 2), num_attention_heads=4,
                type_vocab_size=1, pad_token_id=1),
            AutoModelForMaskedLM, BERT, ENCODER),
        Family(
            "modernbert",
            ModernBertConfig(
                **copy.deepcopy(modern), local_attention=4, classifier_pooling="mean",
                classifier_dropout=0.1),
            AutoModelForMaskedLM, MODERNBERT, RELATIVE_ENCODER),
        Family(
            "ettin-decoder",
            ModernBertDecoderConfig(
                **copy.deepcopy(modern), local_attention=8, classifier_bias=True),
            decoder, ETTIN, RELATIVE),
        Family(
            "eurobert",
            EuroBertConfig(
                **{key: value for key, value in relative.items() if key != "tie_word_embeddings"},
                mask_token_id=3),
            AutoModelForMaskedLM, LLAMA, RELATIVE_ENCODER),
        # RoBERTa's body under another name.
        Family(
            "xlm-roberta",
            XLMRobertaConfig(
                **dict(encoder, max_position_embeddings=POSITIONS + 2, num_hidden_layers=1),
                num_attention_heads=4, type_vocab_size=1, pad_token_id=1),
            AutoModel, BERT, ("full",)),
        Family(
            "electra",
            ElectraConfig(**encoder, embedding_size=12, num_attention_heads=3, pad_token_id=0),
            AutoModelForMaskedLM, BERT, BERT_RELATIVE),
        Family(
            "albert",
            AlbertConfig(
                **dict(encoder, num_hidden_layers=3), embedding_size=12, num_attention_heads=3,
                pad_token_id=0),
            AutoModel, ALBERT, BERT_RELATIVE),
        Family(
            "mpnet",
            MPNetConfig(
                **dict(narrow, max_position_embeddings=POSITIONS + 2), num_attention_heads=3),
            AutoModelForMaskedLM, MPNET, RELATIVE_ENCODER),
        # Buckets so few that the longest sequence reaches the last.
        Family(
            "deberta-v3",
            DebertaV2Config(
                **narrow, num_attention_heads=3, relative_attention=True, position_buckets=6,
                max_relative_positions=8, pos_att_type="p2c|c2p", share_att_key=True,
                norm_rel_ebd="layer_norm", position_biased_input=False, pad_token_id=0),
            AutoModel, DEBERTA, RELATIVE_ENCODER),
        # Every distance has a row, and tokens know their position and type besides.
        Family(
            "deberta-v2",
            DebertaV2Config(
                **dict(narrow, num_hidden_layers=1), num_attention_heads=3, type_vocab_size=2,
                relative_attention=True, max_relative_positions=4, pos_att_type=["c2p"],
                share_att_key=True, pad_token_id=0),
            AutoModelForMaskedLM, DEBERTA, ("full",)),
    ]
