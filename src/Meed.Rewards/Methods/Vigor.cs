namespace Meed.Rewards.Methods;

/// <summary>VIGOR: geometric consistency of a clip by reprojection.</summary>
/// <remarks>
/// A point (u, v) of frame i with depth z is lifted to X = z·((u − c_x)/f, (v − c_y)/f, 1), moved by the pose from frame i to frame j (rotation R, translation t: X' = R·X + t) and projected to (f·X'_x/X'_z + c_x, f·X'_y/X'_z + c_y).
/// r = −mean over points of min(distance to the matching point, <c>cap</c>), in pixels; points that come behind the camera or are not finite cost the cap. The points are those of attended, textured patches; who finds them is outside this function.
/// <para>No points is no evidence: that is misuse, not a perfect score. "VIGOR: VIdeo Geometry-Oriented Reward for Temporal Generative Alignment", 2025 (row 150).</para>
/// </remarks>
public static class Vigor
{
    /// <summary>A pinhole camera.</summary>
    /// <param name="Focal">Focal length in pixels.</param>
    /// <param name="CenterX">Principal point, x.</param>
    /// <param name="CenterY">Principal point, y.</param>
    public readonly record struct Camera(double Focal, double CenterX, double CenterY);

    /// <summary>A point seen in two frames.</summary>
    /// <param name="U">x in frame i.</param>
    /// <param name="V">y in frame i.</param>
    /// <param name="Depth">Depth in frame i.</param>
    /// <param name="MatchU">x of the matching point in frame j.</param>
    /// <param name="MatchV">y of the matching point in frame j.</param>
    public readonly record struct Track(double U, double V, double Depth, double MatchU, double MatchV);

    /// <summary>Minus the mean capped reprojection error, in −cap..0.</summary>
    /// <param name="tracks">At least one point.</param>
    /// <param name="camera">The camera of both frames.</param>
    /// <param name="rotation">Row-major 3 × 3.</param>
    /// <param name="translation">3 values, in the unit of the depths.</param>
    /// <param name="cap">Largest error of one point, in pixels, above 0.</param>
    public static double Score(IReadOnlyList<Track> tracks, Camera camera, ReadOnlySpan<double> rotation, ReadOnlySpan<double> translation, double cap = 50)
    {
        ArgumentNullException.ThrowIfNull(tracks);
        if (tracks.Count == 0 || rotation.Length != 9 || translation.Length != 3 || !(cap > 0))
        {
            throw new ArgumentException($"Vigor.Score: {tracks.Count} points, a rotation of {rotation.Length}, a translation of {translation.Length}, cap {cap}; needed are at least one point, 9, 3 and a cap above 0.");
        }

        double sum = 0;
        foreach (var track in tracks) { sum += Math.Min(cap, Error(track, camera, rotation, translation)); }
        return -sum / tracks.Count;
    }

    private static double Error(Track t, Camera c, ReadOnlySpan<double> r, ReadOnlySpan<double> move)
    {
        double x = t.Depth * (t.U - c.CenterX) / c.Focal, y = t.Depth * (t.V - c.CenterY) / c.Focal, z = t.Depth;
        double px = (r[0] * x) + (r[1] * y) + (r[2] * z) + move[0], py = (r[3] * x) + (r[4] * y) + (r[5] * z) + move[1], pz = (r[6] * x) + (r[7] * y) + (r[8] * z) + move[2];
        double error = pz > 0 && t.Depth > 0 ? double.Hypot((c.Focal * px / pz) + c.CenterX - t.MatchU, (c.Focal * py / pz) + c.CenterY - t.MatchV) : double.PositiveInfinity;
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }
}
