"""Writes statistics.json: python tests/progress/reference/statistics.py > tests/progress/reference/statistics.json

Needs scipy and pymannkendall. The values are what these packages give for seeded synthetic series.
"""

import json
import random

import pymannkendall
import scipy
from scipy import stats

random.seed(20261125)
cases = []
for index in range(80):
    n = random.choice([4, 5, 6, 8, 10, 12, 15, 20, 30, 45, 60, 80])
    # Every third series has no ties, so that scipy's exact p applies.
    ties = index % 3 != 0
    values = [random.randint(0, 27) for _ in range(n)] if ties else random.sample(range(100), n)
    days, day = [], 0
    for _ in range(n):
        days.append(day)
        day += random.choice([5, 7, 7, 7, 9, 14])
    test = pymannkendall.original_test(values)
    case = {
        "values": values,
        "days": days,
        "S": float(test.s),
        "variance": float(test.var_s),
        "z": float(test.z),
        "p_normal": float(test.p),
        "slope_per_week": float(stats.theilslopes(values, days).slope) * 7,
    }
    if not ties:
        case["p_exact"] = float(stats.kendalltau(range(n), values, method="exact").pvalue)
    half = n // 2
    phase = [0] * half + [1] * (n - half)
    case["phases"] = half
    case["tau_b"] = float(stats.kendalltau(phase, values).statistic)
    cases.append(case)
print(json.dumps({"scipy": scipy.__version__, "pymannkendall": "1.4.3", "cases": cases}, indent=1))
