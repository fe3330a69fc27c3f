"""Marabou's verdict on an ONNX file and a VNN-LIB 1.0 file, and the point that it found: one line of JSON."""

from __future__ import annotations

import json
import sys


def main(model: str, question: str) -> None:
    from maraboupy import Marabou, MarabouCore  # pyright: ignore[reportMissingImports, reportAttributeAccessIssue]

    query = Marabou.read_onnx(model).getInputQuery()
    MarabouCore.loadProperty(query, question)
    options = Marabou.createOptions(numWorkers=1, verbosity=0, timeoutInSeconds=60)
    verdict, values, _ = MarabouCore.solve(query, options, "")
    inputs = [values[query.inputVariableByIndex(i)] for i in range(query.getNumInputVariables()) if values]
    print("\n" + json.dumps([verdict, inputs]))


if __name__ == "__main__":
    main(*sys.argv[1:])
