namespace Meed.Rewards;

/// <summary>What one node of a reward tree computed for one sample.</summary>
/// <param name="Path">The node, such as <c>sum[1].length</c>.</param>
/// <param name="Value">Its value; NaN unless the status is Ok.</param>
/// <param name="Status">Its status.</param>
/// <param name="Work">Work units it used, its children included.</param>
/// <param name="Reason">Its reason, if it noted one.</param>
public sealed record TraceNode(string Path, double Value, ScoreStatus Status, long Work, string? Reason)
{
    /// <summary>One line: <c>sum[1].length = 0.5 (too_long), 12 work</c>.</summary>
    public override string ToString() => $"{Path} = {(Status == ScoreStatus.Ok ? $"{Value:R}" : Status.ToString())}{(Reason is null ? "" : $" ({Reason})")}, {Work} work";
}

/// <summary>Keeps what every node computed, to explain scores.</summary>
public sealed class ScoreTrace : IScoreTrace
{
    private readonly Dictionary<int, List<TraceNode>> _rows = [];

    /// <summary>The nodes of a row, parents before their children, children in their order; empty for an unknown row.</summary>
    public IReadOnlyList<TraceNode> this[int row] => _rows.TryGetValue(row, out var nodes) ? [.. nodes.AsEnumerable().Reverse().OrderBy(n => n.Path, PathOrder.Instance)] : [];

    /// <inheritdoc/>
    public void Node(int row, string path, double value, ScoreStatus status, long work, string? reason)
    {
        if (!_rows.TryGetValue(row, out var nodes))
        {
            _rows[row] = nodes = [];
        }

        nodes.Add(new TraceNode(path, value, status, work, reason));
    }

    // "sum" before "sum[0].a" before "sum[2].b" before "sum[10].c".
    private sealed class PathOrder : IComparer<string>
    {
        public static PathOrder Instance { get; } = new();

        public int Compare(string? x, string? y)
        {
            int i = 0, j = 0;
            while (i < x!.Length && j < y!.Length)
            {
                if (char.IsAsciiDigit(x[i]) && char.IsAsciiDigit(y[j]))
                {
                    long a = 0, b = 0;
                    while (i < x.Length && char.IsAsciiDigit(x[i]))
                    {
                        a = a * 10 + (x[i++] - '0');
                    }

                    while (j < y.Length && char.IsAsciiDigit(y[j]))
                    {
                        b = b * 10 + (y[j++] - '0');
                    }

                    if (a != b)
                    {
                        return a.CompareTo(b);
                    }
                }
                else if (x[i] != y[j])
                {
                    return x[i].CompareTo(y[j]);
                }
                else
                {
                    i++;
                    j++;
                }
            }

            return (x.Length - i).CompareTo(y!.Length - j);
        }
    }
}
