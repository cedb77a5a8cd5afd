using Meed.Numerics;
using Meed.Objectives.Preferences;

namespace Meed.Evaluation.Studies;

/// <summary>What the reward is conditioned on.</summary>
public enum UserLatent : byte
{
    /// <summary>Nothing: one Bradley-Terry reward for all users.</summary>
    None,

    /// <summary>A hidden vector inferred from the user's labelled pairs.</summary>
    Inferred,
}

/// <summary>Options of <see cref="VariationalUsers"/>.</summary>
public sealed record VariationalUsersOptions
{
    /// <summary>What the reward is conditioned on.</summary>
    public UserLatent Method { get; init; }

    /// <summary>Goals that users may have.</summary>
    public int Goals { get; init; } = 4;

    /// <summary>Users that the model is trained on.</summary>
    public int Users { get; init; } = 200;

    /// <summary>Labelled pairs of a user that the encoder reads.</summary>
    public int FewPairs { get; init; } = 8;

    /// <summary>Updates, each on 32 users.</summary>
    public int Steps { get; init; } = 800;

    /// <summary>β of the divergence.</summary>
    public float Beta { get; init; } = 0.02f;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (string problem in StudyProblems.BelowOne(("Goals", Goals), ("Users", Users), ("FewPairs", FewPairs), ("Steps", Steps)))
        {
            yield return problem;
        }

        if (!(Beta >= 0))
        {
            yield return $"Beta is {Beta}; it is 0 or more.";
        }
    }
}

/// <summary>Users in a plane each walk to a goal of their own; the reward is learned from their comparisons of places.</summary>
/// <remarks>
/// A place is a point of the square ±1. A user prefers the place nearer the own goal, one of a few; labels are drawn by Bradley and Terry with three times the difference of distances. The encoder is a mean over a network's reading of
/// each labelled pair and gives mean and log-variance of z (<see cref="VariationalUser"/>); the reward is a network of place and z. Without z it sees zeros. Measures: <c>unseen_accuracy</c> on noiseless new pairs of 100 users the model
/// was not trained on, <c>goal_distance</c>, the mean distance between the place of highest reward on a grid and the user's goal.
/// <para>"Personalizing Reinforcement Learning from Human Feedback with Variational Preference Learning" (atlas row 32).</para>
/// </remarks>
public sealed class VariationalUsers(VariationalUsersOptions options) : IStudy
{
    private const int Latent = 4, Batch = 32, TestPairs = 40, Unseen = 100;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        double turn = world.NextDouble() * 2 * Math.PI;
        (double X, double Y)[] goals = [.. Enumerable.Range(0, options.Goals).Select(g => (0.7 * Math.Cos(turn + (2 * Math.PI * g / options.Goals)), 0.7 * Math.Sin(turn + (2 * Math.PI * g / options.Goals))))];
        var weights = random.Split("weights", 0);
        var reader = new Linear("reader", 4, 64, weights, activation: Activation.Gelu);
        var heads = new Linear("heads", 64, 2 * Latent, weights);
        var inner = new Linear("inner", 2 + Latent, 64, weights, activation: Activation.Gelu);
        var second = new Linear("second", 64, 64, weights, activation: Activation.Gelu);
        var last = new Linear("last", 64, 1, weights);
        var optimizer = new Adam([.. reader.Parameters, .. heads.Parameters, .. inner.Parameters, .. second.Parameters, .. last.Parameters], 3e-3f);
        var train = Enumerable.Range(0, options.Users).Select(u => NewUser(goals[u % goals.Length], options.FewPairs, noisy: true, world)).ToArray();
        var unseen = Enumerable.Range(0, Unseen).Select(u => (Goal: goals[u % goals.Length], Few: NewUser(goals[u % goals.Length], options.FewPairs, noisy: true, world), Test: NewUser(goals[u % goals.Length], TestPairs, noisy: false, world))).ToArray();

        // Pairs of users, [U · N, 4], to mean and log-variance, [U, latent].
        (Tensor Mean, Tensor LogVariance) Infer(Tensor pairs, int users)
        {
            var read = reader.Forward(pairs).Reshape(users, options.FewPairs, 64).Mean(1);
            var both = heads.Forward(read);
            return (both.Slice(1, 0, Latent), both.Slice(1, Latent, Latent));
        }

        Tensor Reward(Tensor places, Tensor z) => last.Forward(second.Forward(inner.Forward(Tensor.Concat(1, places, z)))).Reshape(places.Shape[0]);
        Tensor Latents(Tensor z, int each) => z.Take(0, [.. Enumerable.Range(0, z.Shape[0] * each).Select(i => i / each)]);
        var order = random.Split("order", 0);
        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = Tape.Begin();
            float[][] own = [.. Enumerable.Range(0, Batch).SelectMany(_ => train[order.NextInt(train.Length)])];
            var pairs = FeatureScorer.Matrix(own);
            var (mean, logVariance) = Infer(pairs, Batch);
            var z = VariationalUser.Draw(mean, logVariance, order);
            if (options.Method == UserLatent.None)
            {
                (mean, logVariance, z) = (Tensor.Zeros(Batch, Latent), Tensor.Zeros(Batch, Latent), Tensor.Zeros(Batch, Latent));
            }

            var each = Latents(z, options.FewPairs);
            var chosen = Reward(pairs.Slice(1, 0, 2), each).Reshape(Batch, options.FewPairs);
            var rejected = Reward(pairs.Slice(1, 2, 2), each).Reshape(Batch, options.FewPairs);
            optimizer.Step(VariationalUser.Loss(chosen, rejected, mean, logVariance, options.Beta).Mean(), 1f, out _);
        }

        using var measuring = Tape.Begin(record: false);
        var known = options.Method == UserLatent.None ? Tensor.Zeros(Unseen, Latent) : Infer(FeatureScorer.Matrix([.. unseen.SelectMany(u => u.Few)]), Unseen).Mean;
        var test = FeatureScorer.Matrix([.. unseen.SelectMany(u => u.Test)]);
        var latent = Latents(known, TestPairs);
        float[] better = Reward(test.Slice(1, 0, 2), latent).ToArray(), worse = Reward(test.Slice(1, 2, 2), latent).ToArray();
        float[][] grid = [.. from x in Enumerable.Range(-10, 21) from y in Enumerable.Range(-10, 21) select new[] { x / 10f, y / 10f }];
        double distance = 0;
        for (int u = 0; u < Unseen; u++)
        {
            float[] scores = Reward(FeatureScorer.Matrix(grid), Latents(known.Slice(0, u, 1), grid.Length)).ToArray();
            float[] top = grid[Array.IndexOf(scores, scores.Max())];
            distance += Math.Sqrt(Math.Pow(top[0] - unseen[u].Goal.X, 2) + Math.Pow(top[1] - unseen[u].Goal.Y, 2));
        }

        return new Dictionary<string, double> { ["unseen_accuracy"] = better.Zip(worse).Count(p => p.First > p.Second) / (double)better.Length, ["goal_distance"] = distance / Unseen };
    }

    // Pairs as four numbers, the preferred place first.
    private static float[][] NewUser((double X, double Y) goal, int pairs, bool noisy, RandomStream random) => [.. Enumerable.Range(0, pairs).Select(_ =>
    {
        float[] a = [(float)((2 * random.NextDouble()) - 1), (float)((2 * random.NextDouble()) - 1)], b = [(float)((2 * random.NextDouble()) - 1), (float)((2 * random.NextDouble()) - 1)];
        double margin = 3 * (Distance(b) - Distance(a));
        bool first = noisy ? random.NextBool(1 / (1 + Math.Exp(-margin))) : margin > 0;
        return first ? (float[])[.. a, .. b] : [.. b, .. a];
        double Distance(float[] place) => Math.Sqrt(Math.Pow(place[0] - goal.X, 2) + Math.Pow(place[1] - goal.Y, 2));
    })];
}
