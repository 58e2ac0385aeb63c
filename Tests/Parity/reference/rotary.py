"""Angles of rotary positions, for every type of scaling and every way to write it down."""

import copy

from transformers import AutoConfig
from transformers.models.gpt_neox.modeling_gpt_neox import GPTNeoXRotaryEmbedding
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding
from transformers.models.phi3.modeling_phi3 import Phi3RotaryEmbedding

CLASSES = dict(
    llama=LlamaRotaryEmbedding, gpt_neox=GPTNeoXRotaryEmbedding, phi3=Phi3RotaryEmbedding)
LLAMA3 = dict(
    factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=128)
YARN = dict(factor=4.0, original_max_position_embeddings=256)
LONG = dict(short_factor=[1.0, 1.1, 1.25, 1.5], long_factor=[2.0, 3.0, 4.0, 8.0])


def rotary(path, write_json):
    write_json(path, [record(config) for config in configurations()])


def record(config):
    known = dict(
        hidden_size=32, num_attention_heads=2, num_key_value_heads=2, intermediate_size=32,
        num_hidden_layers=1, vocab_size=8, max_position_embeddings=1024, bos_token_id=2,
        eos_token_id=2, pad_token_id=1)
    config = known | config
    read = AutoConfig.for_model(**copy.deepcopy(config))
    embedding = CLASSES[config["model_type"]](read)
    return dict(
        config=config, frequencies=embedding.inv_freq.double().tolist(),
        scale=float(embedding.attention_scaling))


def configurations():
    llama = dict(model_type="llama", rope_theta=5e5)
    phi3 = dict(model_type="phi3", partial_rotary_factor=0.5, rope_theta=1e4)
    return [
        dict(model_type="llama"),
        llama,
        dict(model_type="llama", rope_parameters=dict(rope_type="default", rope_theta=5e5)),
        llama | dict(rope_scaling=dict(type="linear", factor=1.0)),
        llama | dict(rope_scaling=dict(type="linear", factor=4.0)),
        llama | dict(rope_parameters=dict(rope_type="linear", factor=4.0)),
        llama | dict(rope_parameters=dict(rope_type="linear", factor=4.0, rope_theta=1e3)),
        # Of two objects the older one is read.
        llama | dict(
            rope_scaling=dict(rope_type="linear", factor=4.0),
            rope_parameters=dict(rope_type="default", rope_theta=1e3)),
        llama | dict(rope_scaling=dict(rope_type="dynamic", factor=4.0)),
        llama | dict(rope_scaling=dict(rope_type="llama3", **LLAMA3)),
        llama | dict(rope_scaling=dict(rope_type="yarn", **YARN)),
        llama | dict(rope_scaling=dict(rope_type="yarn", **YARN, beta_fast=16, beta_slow=2)),
        llama | dict(rope_scaling=dict(rope_type="yarn", **YARN, attention_factor=0.7)),
        llama | dict(
            rope_scaling=dict(rope_type="yarn", **YARN, mscale=0.7, mscale_all_dim=0.4)),
        llama | dict(rope_scaling=dict(rope_type="yarn", **YARN, truncate=False)),
        llama | dict(rope_scaling=dict(rope_type="yarn", factor=4.0)),
        dict(model_type="gpt_neox", rotary_pct=0.5, rotary_emb_base=500),
        dict(
            model_type="gpt_neox", rotary_pct=0.5,
            rope_scaling=dict(rope_type="linear", factor=4.0)),
        phi3,
        phi3 | dict(rope_scaling=dict(type="longrope", **LONG)),
        phi3 | dict(
            rope_scaling=dict(type="su", **LONG, original_max_position_embeddings=64),
            original_max_position_embeddings=64),
        phi3 | dict(
            rope_scaling=dict(type="longrope", **LONG, attention_factor=1.5),
            original_max_position_embeddings=64),
    ]
