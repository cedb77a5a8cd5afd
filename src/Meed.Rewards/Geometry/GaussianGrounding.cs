namespace Meed.Rewards.Geometry;

/// <summary>Gaussian rewards for pointing at a target box.</summary>
/// <remarks>
/// A box becomes a Gaussian with its middle as mean and σ = α·side in each direction, α = 0.5. Point: exp(−½·((x − μ_x)²/σ_x² + (y − μ_y)²/σ_y²)). Coverage: exp(−D_B) with the Bhattacharyya distance of the Gaussians of
/// the predicted and the target box, D_B = ⅛·Σ d²/s + ½·Σ ln(s / √(σ_p²·σ_t²)), s = (σ_p² + σ_t²)/2 in each direction. Both from 0 to 1.
/// <para>"GUI-G²: Gaussian Reward Modeling for GUI Grounding", 2025 (row 145 of the atlas).</para>
/// </remarks>
public static class GaussianGrounding
{
    /// <summary>Standard deviation as a share of the side.</summary>
    public const double Alpha = 0.5;

    /// <summary>How near a point is to the middle of a box, in units of the box.</summary>
    public static double Point(Point point, Box target, double alpha = Alpha)
    {
        if (!point.IsValid || !target.IsValid)
        {
            return 0;
        }

        double x = (point.X - target.Center.X) / (alpha * target.Width), y = (point.Y - target.Center.Y) / (alpha * target.Height);
        return Math.Exp(-0.5 * ((x * x) + (y * y)));
    }

    /// <summary>How much the Gaussians of two boxes coincide.</summary>
    public static double Coverage(Box predicted, Box target, double alpha = Alpha)
    {
        if (!predicted.IsValid || !target.IsValid)
        {
            return 0;
        }

        return Math.Exp(-(Distance(predicted.Center.X - target.Center.X, alpha * predicted.Width, alpha * target.Width) + Distance(predicted.Center.Y - target.Center.Y, alpha * predicted.Height, alpha * target.Height)));
    }

    private static double Distance(double offset, double a, double b)
    {
        double middle = ((a * a) + (b * b)) / 2;
        double distance = (offset * offset / (8 * middle)) + (0.5 * Math.Log(middle / (a * b)));
        return double.IsNaN(distance) ? double.PositiveInfinity : Math.Max(0, distance);
    }
}
