"""Evaluation jobs: failing documents, gates, baselines, systems from outside."""

from __future__ import annotations

import json

import pytest

from evaluation import EvaluationError
from evaluation._systems import make_system
from evaluation.jobs import run_job
from evaluation.jobs._gates import Gate, breaches
from tests.test_evaluation_jobs import MEND, cli, config, data

__all__ = ["data"]  # a fixture

# --- failures ------------------------------------------------------------------------------


def test_a_failing_document_is_named_and_the_job_ends_with_3(data, tmp_path):
    out = tmp_path / "job"
    arguments = ("run", "--set", f"x={data}", "--system", "python:tests.job_systems:fragile",
                 "--out", out, "--rounds", 0, "--families", "wer")  # fmt: skip
    done = cli(*arguments)
    assert done.exit_code == 3
    assert "fragile failed on x, document 'r3': ValueError: three is too much" in done.output
    assert "13 read, 11 scored (11 documents), 1 skipped (1 blank), 1 failed" in done.output
    assert json.loads((out / "run.json").read_text())["exit_code"] == 3
    assert "document `r3`: ValueError" in (out / "report/report.md").read_text()
    assert cli(*arguments).exit_code == 3  # it stays known
    assert cli(*arguments, "--retry").exit_code == 3


def test_whatever_a_function_raises_costs_one_document(data, tmp_path):
    outcome = run_job(config(data, tmp_path / "job", "python:tests.job_systems:unlucky"))
    assert outcome.reports[0]["failed"] == {
        "r1": "AttributeError: no such part",
        "r2": "AssertionError",
        "r3": "OSError: no disk",
        "r4": "OddError: odd",
        "r5": "TypeError: unlucky returned NoneType, not a string",
    }
    assert outcome.exit_code == 3


def test_a_system_that_fails_everywhere_is_refused(data, tmp_path):
    data.write_text(data.read_text().replace(" met ", " 3 "))
    with pytest.raises(
        EvaluationError, match=r"fragile failed on all of x; on 'r0': .* give --retry"
    ):
        run_job(config(data, tmp_path / "job", "python:tests.job_systems:fragile"))


def test_too_few_lines_end_the_job_with_one_line(data, tmp_path):
    done = cli(
        "run", "--set", f"x={data}", "--system", "command:head -n 3", "--out", tmp_path / "j"
    )
    assert done.exit_code == 2
    assert "head: 24 lines given, 3 returned" in done.output
    assert len(done.output.strip().splitlines()) == 1


# --- gates and baselines -------------------------------------------------------------------


def test_gates_end_the_job_with_1(data, tmp_path):
    common = ("--set", f"x={data}", "--system", "as-is", "--system",
              "python:tests.job_systems:breaking", "--rounds", 0, "--families", "wer")  # fmt: skip
    done = cli("run", *common, "--fail-on", "break_rate>1", "--fail-on", "err<0 of as-is")
    assert done.exit_code == 1
    assert "gate failed: break_rate>1: break_rate is 142.857 for breaking on x" in done.output
    assert done.output.count("gate failed") == 1
    assert cli("run", *common, "--fail-on", "break_rate>1 of as-is on x*").exit_code == 0


def test_a_gate_that_is_undefined_leaves_the_reports(data, tmp_path):
    with pytest.raises(EvaluationError, match="ece is undefined"):
        run_job(config(data, tmp_path / "job", "as-is", fail_on=["ece>1"]))
    assert "as-is" in (tmp_path / "job/report/report.md").read_text()


def test_a_gate_that_failed_goes_before_documents_that_did(data):
    done = cli("run", "--set", f"x={data}", "--system", "python:tests.job_systems:fragile",
               "--rounds", 0, "--families", "wer", "--fail-on", "err<1")  # fmt: skip
    assert done.exit_code == 1
    assert "document 'r3'" in done.output


def test_a_gate_reads_its_limits_and_patterns():
    gate = Gate.parse(" err <= 0.5  of fast@* on clean-* ")
    assert gate.covers("fast@0.7", "clean-wmt22")
    assert not gate.covers("fast@0.7", "spun")
    assert gate.breached(0.5)
    report = {"system": "fast@1", "set": "clean-1", "metrics": {"err": [0.4, None, None]}}
    assert breaches([gate], [report]) == [
        " err <= 0.5  of fast@* on clean-* : err is 0.4 for fast@1 on clean-1"
    ]


def test_a_baseline_brings_differences_with_p_values(data, tmp_path):
    run_job(config(data, tmp_path / "old", {"use": "as-is", "name": "ours"}))
    new = config(data, tmp_path / "new", {"use": MEND, "name": "ours"},
                 baseline=str(tmp_path / "old"))  # fmt: skip
    outcome = run_job(new)
    (found,) = outcome.differences
    assert found.title == "x: ours (first), ours (second)"
    assert found.differences["err"].difference == 1.0
    assert found.differences["err"].p_randomisation == pytest.approx(1 / 21)
    assert "Against the baseline" in outcome.files["markdown"].read_text()
    with pytest.raises(EvaluationError, match="the baseline is the job's own folder"):
        run_job(config(data, tmp_path / "new", "as-is", baseline=str(tmp_path / "new")))


def test_a_page_leads_with_what_got_worse_since_the_baseline(data, tmp_path):
    pytest.importorskip("jinja2")
    run_job(config(data, tmp_path / "old", {"use": MEND, "name": "ours"}))
    worse = {"use": "python:tests.job_systems:fragile", "name": "ours"}  # it mends one word only
    told = config(data, tmp_path / "new", worse, baseline=str(tmp_path / "old"), formats=["html"])
    page = run_job(told).files["html"].read_text()
    assert 'data-regressed="1" data-worse="-1"' in page
    assert "1 more wrong than in the baseline" in page


def test_documents_that_one_side_failed_at_are_left_out_of_the_comparison(data, tmp_path):
    run_job(config(data, tmp_path / "old", {"use": "as-is", "name": "ours"}))
    fragile = {"use": "python:tests.job_systems:fragile", "name": "ours"}
    outcome = run_job(config(data, tmp_path / "new", fragile, baseline=str(tmp_path / "old")))
    assert "on the 11 documents that neither failed at" in outcome.differences[0].title
    assert outcome.exit_code == 3


# --- systems from outside ------------------------------------------------------------------


def test_a_seq2seq_folder_is_a_system(tmp_path):
    transformers = pytest.importorskip("transformers")
    tokenizers = pytest.importorskip("tokenizers")
    words = {w: n for n, w in enumerate(("<pad>", "</s>", "<unk>", "nan", "the", "end", "."))}
    raw = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="<unk>"))
    raw.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=raw, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    ).save_pretrained(tmp_path / "tiny")
    sizes = {"d_model": 8, "d_kv": 4, "d_ff": 8, "num_layers": 1, "num_heads": 2}
    made = transformers.T5Config(
        vocab_size=7, decoder_start_token_id=0, pad_token_id=0, eos_token_id=1, **sizes
    )
    transformers.T5ForConditionalGeneration(made).save_pretrained(tmp_path / "tiny")
    system = make_system(f"seq2seq:{tmp_path / 'tiny'}")
    system._model.generation_config.max_length = None
    system.longest = 8
    texts = ["nan end.\n\n  the end. nan end.", "the"]
    first = [one.text for one in system.predict(texts)]
    assert first == [one.text for one in system.predict(texts)]
    assert first[0].count("\n") == 2
    assert "sha256-" in system.signature
