namespace Meed.Evaluation.Lab;

/// <summary>How gold reward moves with the distance d = √KL from the starting policy (Gao et al. 2022, arXiv:2210.10760).</summary>
/// <param name="Alpha">α, the slope at the start.</param>
/// <param name="Beta">β, how fast optimisation turns against gold.</param>
/// <param name="Logarithmic">False: R(d) = d·(α − β·d), best-of-n. True: R(d) = d·(α − β·ln d), reinforcement learning.</param>
public sealed record OptimisationCurve(double Alpha, double Beta, bool Logarithmic)
{
    /// <summary>Gold reward above the start at distance d.</summary>
    public double At(double distance) => distance <= 0 ? 0 : distance * (Alpha - (Beta * (Logarithmic ? Math.Log(distance) : distance)));

    /// <summary>The distance of most gold; infinite where gold never turns.</summary>
    public double Peak => Beta <= 0 ? (Alpha > 0 ? double.PositiveInfinity : 0) : Logarithmic ? Math.Exp((Alpha / Beta) - 1) : Math.Max(0, Alpha / (2 * Beta));

    /// <summary>Least squares in α and β.</summary>
    /// <param name="points">Distance √KL and gold reward above the start; points at distance 0 say nothing.</param>
    /// <param name="logarithmic">Which form.</param>
    public static OptimisationCurve Fit(IEnumerable<(double Distance, double Gold)> points, bool logarithmic)
    {
        ArgumentNullException.ThrowIfNull(points);
        double aa = 0, ab = 0, bb = 0, ay = 0, by = 0;
        int count = 0;
        foreach (var (d, gold) in points.Where(p => p.Distance > 0))
        {
            double a = d, b = -d * (logarithmic ? Math.Log(d) : d);
            aa += a * a;
            ab += a * b;
            bb += b * b;
            ay += a * gold;
            by += b * gold;
            count++;
        }

        double determinant = (aa * bb) - (ab * ab);
        if (count < 2 || determinant <= 1e-12 * aa * bb)
        {
            throw new ArgumentException($"OptimisationCurve.Fit: {count} points at different distances above 0; two are needed.");
        }

        return new OptimisationCurve(((ay * bb) - (by * ab)) / determinant, ((aa * by) - (ab * ay)) / determinant, logarithmic);
    }
}
