namespace Meed.Rewards.Structure;

/// <summary>Optimal one-to-one assignment of rows to columns.</summary>
/// <remarks>
/// Shortest augmenting paths with potentials (Kuhn 1955, Munkres 1957; the O(n²·m) form of Jonker and Volgenant 1987). Ties go to the lower column, so the
/// result depends on the numbers alone.
/// </remarks>
public static class Assignment
{
    /// <summary>Rows and columns that are assigned at most; more is the policy's fault and costs more work than any limit.</summary>
    public const int Most = 512;

    /// <summary>Takes the work of an assignment before its matrix is made: rows · columns · min(rows, columns) + rows · columns.</summary>
    public static void Charge(int rows, int columns, ref Work work)
        => work.Charge(rows > Most || columns > Most ? long.MaxValue / 4 : ((long)rows * columns * (Math.Min(rows, columns) + 1)) + 1);

    /// <summary>The column of each row so that the sum of the gains is largest; -1 for rows left over when there are more rows than columns.</summary>
    /// <param name="gain">[rows, columns], finite.</param>
    /// <param name="work">Charged one unit for each step of the search.</param>
    public static int[] Maximum(double[,] gain, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(gain);
        int rows = gain.GetLength(0), columns = gain.GetLength(1);
        if (rows > columns)
        {
            var turned = new double[columns, rows];
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++) { turned[j, i] = gain[i, j]; }
            }

            var back = Maximum(turned, ref work);
            var result = new int[rows];
            Array.Fill(result, -1);
            for (int j = 0; j < columns; j++) { result[back[j]] = j; }
            return result;
        }

        return Wide(gain, rows, columns, ref work);
    }

    /// <summary>The sum of the gains of an assignment.</summary>
    public static double Total(double[,] gain, int[] columns)
    {
        ArgumentNullException.ThrowIfNull(gain);
        ArgumentNullException.ThrowIfNull(columns);
        double sum = 0;
        for (int i = 0; i < columns.Length; i++) { sum += columns[i] >= 0 ? gain[i, columns[i]] : 0; }
        return sum;
    }

    private static int[] Wide(double[,] gain, int rows, int columns, ref Work work)
    {
        // One-based: row 0 and column 0 are the start of every path. Cost is -gain.
        var rowPotential = new double[rows + 1];
        var columnPotential = new double[columns + 1];
        var rowOf = new int[columns + 1];
        var from = new int[columns + 1];
        var distance = new double[columns + 1];
        var done = new bool[columns + 1];
        for (int i = 1; i <= rows; i++)
        {
            rowOf[0] = i;
            int j = 0;
            Array.Fill(distance, double.PositiveInfinity);
            Array.Clear(done);
            do
            {
                work.Charge(columns);
                done[j] = true;
                int row = rowOf[j], next = 0;
                double step = double.PositiveInfinity;
                for (int k = 1; k <= columns; k++)
                {
                    if (done[k])
                    {
                        continue;
                    }

                    double reduced = -gain[row - 1, k - 1] - rowPotential[row] - columnPotential[k];
                    if (reduced < distance[k])
                    {
                        distance[k] = reduced;
                        from[k] = j;
                    }

                    if (distance[k] < step)
                    {
                        step = distance[k];
                        next = k;
                    }
                }

                for (int k = 0; k <= columns; k++)
                {
                    if (done[k])
                    {
                        rowPotential[rowOf[k]] += step;
                        columnPotential[k] -= step;
                    }
                    else
                    {
                        distance[k] -= step;
                    }
                }

                j = next;
            }
            while (rowOf[j] != 0);

            while (j != 0)
            {
                rowOf[j] = rowOf[from[j]];
                j = from[j];
            }
        }

        var result = new int[rows];
        for (int k = 1; k <= columns; k++)
        {
            if (rowOf[k] > 0)
            {
                result[rowOf[k] - 1] = k - 1;
            }
        }

        return result;
    }
}
