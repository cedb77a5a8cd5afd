namespace Meed.RewardModels.Curation;

/// <summary>How well a set of comparisons ties the rewards of responses together: the expected uncertainty of a difference.</summary>
/// <remarks>
/// Responses are nodes; a comparison or a similarity is an edge with a variance. Independent Gaussian observations of the differences along the edges make the variance of the difference between two
/// nodes the effective resistance between them in a network whose resistances are the variances. The mean over pairs is the proxy of generalisation.
/// <para>"Reward Generalization in RLHF: A Topological Perspective" (atlas row 2). Its inference distance is settled here as effective resistance, of which series and parallel paths are the special cases named there.</para>
/// </remarks>
public static class InferenceDistance
{
    /// <summary>Variance of the difference between two nodes; infinite where nothing connects them.</summary>
    /// <param name="nodes">Number of nodes.</param>
    /// <param name="edges">Pairs of nodes with their variance, above 0.</param>
    /// <param name="from">One node.</param>
    /// <param name="to">The other.</param>
    public static double Between(int nodes, IReadOnlyList<(int A, int B, double Variance)> edges, int from, int to) => Solve(nodes, edges, from)[to];

    /// <summary>Mean of that variance over all pairs; infinite where the graph falls apart.</summary>
    public static double Mean(int nodes, IReadOnlyList<(int A, int B, double Variance)> edges)
    {
        double sum = 0;
        for (int from = 0; from < nodes; from++)
        {
            var distances = Solve(nodes, edges, from);
            for (int to = from + 1; to < nodes; to++)
            {
                sum += distances[to];
            }
        }

        return nodes < 2 ? 0 : sum / (nodes * (nodes - 1) / 2.0);
    }

    // With node `from` grounded, the inverse of the reduced Laplacian has the resistances on its diagonal. Gauss-Jordan, as the graphs are small.
    private static double[] Solve(int nodes, IReadOnlyList<(int A, int B, double Variance)> edges, int from)
    {
        ArgumentNullException.ThrowIfNull(edges);
        int n = nodes - 1;
        int Index(int node) => node < from ? node : node - 1;
        var matrix = new double[n, 2 * n];
        for (int i = 0; i < n; i++)
        {
            matrix[i, n + i] = 1;
        }

        foreach (var (a, b, variance) in edges)
        {
            if (a < 0 || b < 0 || a >= nodes || b >= nodes || a == b || !(variance > 0))
            {
                throw new ArgumentException($"InferenceDistance: the edge {a} to {b} of variance {variance} does not fit {nodes} nodes; variances are above 0.", nameof(edges));
            }

            double weight = 1 / variance;
            foreach (var (x, y) in ((int, int)[])[(a, b), (b, a)])
            {
                if (x != from)
                {
                    matrix[Index(x), Index(x)] += weight;
                    if (y != from)
                    {
                        matrix[Index(x), Index(y)] -= weight;
                    }
                }
            }
        }

        var distances = new double[nodes];
        var connected = Connected(nodes, edges, from);
        for (int i = 0; i < n; i++)
        {
            // Nodes that nothing connects with the ground would make the matrix singular.
            if (!connected[i < from ? i : i + 1])
            {
                matrix[i, i] += 1;
            }
        }

        for (int column = 0; column < n; column++)
        {
            int pivot = Enumerable.Range(column, n - column).MaxBy(r => Math.Abs(matrix[r, column]));
            for (int k = 0; k < 2 * n; k++)
            {
                (matrix[column, k], matrix[pivot, k]) = (matrix[pivot, k], matrix[column, k]);
            }

            double divisor = matrix[column, column];
            for (int k = 0; k < 2 * n; k++)
            {
                matrix[column, k] /= divisor;
            }

            for (int row = 0; row < n; row++)
            {
                double factor = matrix[row, column];
                for (int k = 0; row != column && factor != 0 && k < 2 * n; k++)
                {
                    matrix[row, k] -= factor * matrix[column, k];
                }
            }
        }

        for (int node = 0; node < nodes; node++)
        {
            distances[node] = node == from ? 0 : connected[node] ? matrix[Index(node), n + Index(node)] : double.PositiveInfinity;
        }

        return distances;
    }

    private static bool[] Connected(int nodes, IReadOnlyList<(int A, int B, double Variance)> edges, int from)
    {
        var seen = new bool[nodes];
        var open = new Stack<int>([from]);
        seen[from] = true;
        while (open.TryPop(out int node))
        {
            foreach (var (a, b, _) in edges)
            {
                int next = a == node ? b : b == node ? a : -1;
                if (next >= 0 && !seen[next])
                {
                    seen[next] = true;
                    open.Push(next);
                }
            }
        }

        return seen;
    }
}
