"""A table of what gradstream and PyTorch need for a step: report.py times.txt peers.txt"""

import sys


def read(path):
    times = {}
    with open(path) as lines:
        for line in lines:
            words = line.split()
            if len(words) == 4 and words[0].startswith(("gradstream", "torch-")):
                times[tuple(words[:3])] = float(words[3])
    return times


times = read(sys.argv[1]) | read(sys.argv[2])
print("| network | precision | gradstream µs | eager µs | compile µs | graph µs | against eager | against PyTorch's best |")
print("| --- | --- | --- | --- | --- | --- | --- | --- |")
for (who, network, precision), ours in times.items():
    if who == "gradstream":
        peers = [times.get((f"torch-{mode}", network, precision)) for mode in ("eager", "compile", "graph")]
        cells = [f"{peer:.1f}" if peer else "" for peer in peers]
        eager = f"{peers[0] / ours:.2f}" if peers[0] else ""
        had = [peer for peer in peers if peer]
        best = f"{min(had) / ours:.2f}" if had else ""
        print(f"| {network} | {precision} | {ours:.1f} | {' | '.join(cells)} | {eager} | {best} |")
