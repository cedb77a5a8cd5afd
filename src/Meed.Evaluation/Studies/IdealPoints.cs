using Meed.Numerics;
using Meed.Objectives.Preferences;

namespace Meed.Evaluation.Studies;

/// <summary>How the study treats users.</summary>
public enum UserModel : byte
{
    /// <summary>One ideal answer for everybody: a single Bradley-Terry reward.</summary>
    Single,

    /// <summary>Each user's ideal answer is a mixture of learned prototypes.</summary>
    Prototypes,
}

/// <summary>Options of <see cref="IdealPoints"/>.</summary>
public sealed record IdealPointsOptions
{
    /// <summary>One ideal answer or a mixture of prototypes.</summary>
    public UserModel Method { get; init; }

    /// <summary>Hidden types of users in the world.</summary>
    public int Types { get; init; } = 4;

    /// <summary>Prototypes of the model, where it has them.</summary>
    public int Prototypes { get; init; } = 4;

    /// <summary>Users that the model is trained on.</summary>
    public int Users { get; init; } = 60;

    /// <summary>Labelled pairs of such a user.</summary>
    public int Pairs { get; init; } = 30;

    /// <summary>Labelled pairs of an unseen user, from which only its mixture is fitted.</summary>
    public int FewPairs { get; init; } = 10;

    /// <summary>Updates.</summary>
    public int Steps { get; init; } = 600;

    /// <summary>Learning rate.</summary>
    public float LearningRate { get; init; } = 5e-3f;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() =>
    [
        .. StudyProblems.Of(LearningRate, ("Types", Types), ("Prototypes", Prototypes), ("Users", Users), ("Pairs", Pairs), ("FewPairs", FewPairs), ("Steps", Steps)),
        .. StudyProblems.When(Types > 16, $"Types is {Types}; the world has 16."),
    ];
}

/// <summary>Users of a few hidden tastes judge answers; a model of ideal answers learns from them and meets users it has not seen.</summary>
/// <remarks>
/// An answer is a frozen embedding of 16 standard normal numbers. A type prefers the answer whose first four numbers, after tanh, lie nearer its own corner of them; labels are drawn by Bradley and Terry with
/// the difference of squared distances. The model is an MLP to 8 numbers and <see cref="IdealPoint"/>. Measures: <c>seen_accuracy</c> on new pairs of trained users, <c>unseen_accuracy</c> on new pairs of 100
/// users of whom the model saw a few pairs, both against the noiseless preference.
/// <para>PAL, "Pluralistic Alignment Framework for Learning from Heterogeneous Preferences" (atlas row 46).</para>
/// </remarks>
public sealed class IdealPoints(IdealPointsOptions options) : IStudy
{
    private const int Width = 16, Latent = 4, Features = 8, Unseen = 100, TestPairs = 40;

    private sealed record User(float[] Taste, float[][] Chosen, float[][] Rejected, float[][] TestBetter, float[][] TestWorse);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        float[][] types = [.. world.Permutation(1 << Latent).Take(options.Types).Select(Corner)];
        User[] users = [.. Enumerable.Range(0, options.Users).Select(i => NewUser(types[i % types.Length], options.Pairs, world))];
        User[] unseen = [.. Enumerable.Range(0, Unseen).Select(i => NewUser(types[i % types.Length], options.FewPairs, world))];

        int k = options.Method == UserModel.Single ? 1 : options.Prototypes;
        var weights = random.Split("weights", 0);
        var first = new Linear("first", Width, 32, weights, activation: Activation.Gelu);
        var second = new Linear("second", 32, Features, weights);
        var prototypes = new Parameter("prototypes", Tensor.Normal(weights, 0, 0.5f, k, Features));
        var mixtures = new Parameter("mixtures", Tensor.Normal(weights, 0, 0.1f, users.Length, k));
        Tensor Embed(Tensor x) => second.Forward(first.Forward(x));

        // Every step sees one pair of every user.
        var optimizer = new Adam([.. first.Parameters, .. second.Parameters, prototypes, mixtures], options.LearningRate);
        var order = random.Split("order", 0);
        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = Tape.Begin();
            int[] pick = [.. users.Select(u => order.NextInt(u.Chosen.Length))];
            var chosen = Matrix([.. users.Select((u, i) => u.Chosen[pick[i]])]);                             // [U, 16]
            var rejected = Matrix([.. users.Select((u, i) => u.Rejected[pick[i]])]);
            optimizer.Step(IdealPoint.Loss(Embed(chosen), Embed(rejected), prototypes, mixtures).Mean());
        }

        var result = new Dictionary<string, double> { ["seen_accuracy"] = Accuracy(users, mixtures) };

        // Unseen users fit their mixture alone.
        var fitted = new Parameter("fitted", Tensor.Zeros(unseen.Length, k));
        var fit = new Adam([fitted], 0.05f);
        for (int step = 0; step < 200; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = Tape.Begin();
            var chosen = Embed(Matrix([.. unseen.SelectMany(u => u.Chosen)])).Detach();                      // [U·N, 8]
            var rejected = Embed(Matrix([.. unseen.SelectMany(u => u.Rejected)])).Detach();
            int[] own = [.. Enumerable.Range(0, unseen.Length * options.FewPairs).Select(i => i / options.FewPairs)];
            fit.Step(IdealPoint.Loss(chosen, rejected, prototypes.Value.Detach(), fitted.Value.Take(0, own)).Mean());
        }

        result["unseen_accuracy"] = Accuracy(unseen, fitted);
        return result;

        double Accuracy(User[] who, Tensor logits)
        {
            using var scope = Tape.Begin(record: false);
            int[] own = [.. Enumerable.Range(0, who.Length * TestPairs).Select(i => i / TestPairs)];
            var better = Embed(Matrix([.. who.SelectMany(u => u.TestBetter)]));
            var worse = Embed(Matrix([.. who.SelectMany(u => u.TestWorse)]));
            float[] loss = IdealPoint.Loss(better, worse, prototypes, logits.Take(0, own)).ToArray();
            return loss.Count(l => l < MathF.Log(2)) / (double)loss.Length;
        }
    }

    private static User NewUser(float[] taste, int pairs, RandomStream random)
    {
        List<float[]> chosen = [], rejected = [], better = [], worse = [];
        for (int i = 0; i < pairs + TestPairs; i++)
        {
            float[] a = Answer(random), b = Answer(random);
            double margin = Distance(b, taste) - Distance(a, taste);
            bool test = i >= pairs, firstWins = test ? margin > 0 : random.NextBool(1 / (1 + Math.Exp(-margin)));
            (test ? better : chosen).Add(firstWins ? a : b);
            (test ? worse : rejected).Add(firstWins ? b : a);
        }

        return new User(taste, [.. chosen], [.. rejected], [.. better], [.. worse]);
    }

    private static double Distance(float[] answer, float[] taste)
    {
        double sum = 0;
        for (int d = 0; d < Latent; d++)
        {
            double apart = Math.Tanh(answer[d]) - taste[d];
            sum += apart * apart;
        }

        return sum;
    }

    private static float[] Corner(int bits) => [.. Enumerable.Range(0, Latent).Select(d => (bits >> d & 1) == 1 ? 1f : -1f)];

    private static float[] Answer(RandomStream random)
    {
        var x = new float[Width];
        random.FillNormal(x, 0, 1);
        return x;
    }

    private static Tensor Matrix(float[][] rows) => Tensor.From([.. rows.SelectMany(r => r)], rows.Length, rows[0].Length);
}
