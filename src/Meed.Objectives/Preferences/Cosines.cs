using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Rows as unit vectors and the cosines between them.</summary>
internal static class Cosines
{
    private const float Smallest = 1e-12f;

    /// <summary>Each row divided by its length, [B, D].</summary>
    public static Tensor Unit(Tensor x) => x / (x.Square().Sum(-1, keepAxis: true) + Smallest).Sqrt();

    /// <summary>Cosine of row i with row i, [B].</summary>
    public static Tensor Rows(Tensor x, Tensor y) => (Unit(x) * Unit(y)).Sum(1);

    /// <summary>Cosine of every row with every row, [B, M].</summary>
    public static Tensor All(Tensor x, Tensor y) => Unit(x).MatMul(Unit(y), transposeB: true);
}
