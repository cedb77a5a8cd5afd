using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Observations;
using Meed.Rewards;

namespace Meed.RewardModels.Networks;

/// <summary>What a reward model looks at.</summary>
/// <param name="Prompt">The dialogue up to the response.</param>
/// <param name="Response">The response.</param>
/// <param name="Context">Source, criterion or profile; null for none.</param>
/// <param name="Feature">Row of the feature matrix; −1 for none.</param>
/// <param name="Features">Features that came with the sample; null for none.</param>
/// <param name="Seen">Picture, clip or states; null for none.</param>
/// <param name="Line">Line in its file, for messages; 0 for none.</param>
public readonly record struct RewardInput(IReadOnlyList<Message> Prompt, string Response, string? Context = null, int Feature = -1, float[]? Features = null, ObservationSource? Seen = null, long Line = 0)
{
    /// <summary>A response of a row, with what belongs to its prompt.</summary>
    public static RewardInput Of(PreferenceRow row, RatedResponse response)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(response);
        return new RewardInput(row.Prompt, response.Text ?? "", row.Context ?? row.Source, response.Feature, null, response.Observation ?? row.Observation, row.Line);
    }
}

/// <summary>Encoded samples in flat arrays, so that many of them take little memory.</summary>
public abstract class SampleStore
{
    /// <summary>Samples so far.</summary>
    public int Count { get; protected set; }

    /// <summary>What a sample shows; null where it shows nothing, or the network does not look.</summary>
    public virtual Observation? Seen(int row) => null;

    /// <summary>Encodes samples over all cores and adds them in order.</summary>
    /// <returns>Row of the first of them.</returns>
    public abstract int Add(IReadOnlyList<RewardInput> samples);
}

/// <summary>From encoded samples to numbers: an encoder with its head, and how it learns.</summary>
/// <remarks>A sample's numbers have the same bits in any batch and any order. One thread trains; several may score.</remarks>
public abstract class RewardNetwork
{
    /// <summary>Its name in recipes and folders.</summary>
    public abstract string Kind { get; }

    /// <summary>Numbers a sample gets.</summary>
    public int Outputs { get; protected init; } = 1;

    /// <summary>What it learned, by name.</summary>
    public abstract IEnumerable<(string Name, Tensor Value)> Weights { get; }

    /// <summary>An empty store for samples of this network.</summary>
    public abstract SampleStore NewStore();

    /// <summary>Numbers of some samples on the tape.</summary>
    /// <param name="store">From <see cref="NewStore"/>.</param>
    /// <param name="rows">N rows of it.</param>
    /// <returns>[N, outputs].</returns>
    public abstract Tensor Forward(SampleStore store, int[] rows);

    /// <summary>Numbers of some samples, without gradients.</summary>
    /// <returns>[N · outputs].</returns>
    public abstract float[] Score(SampleStore store, int[] rows);

    /// <summary>What the head reads, without gradients; null where there is nothing below a linear head.</summary>
    /// <returns>[N · width].</returns>
    public virtual float[]? Features(SampleStore store, int[] rows) => null;

    /// <summary>Gets ready to learn.</summary>
    /// <param name="decay">Weight decay a step, per unit of learning rate.</param>
    /// <param name="more">Parameters of the objective that learn along.</param>
    public abstract void BeginTraining(float decay, IReadOnlyList<Parameter> more);

    /// <summary>Learns from the loss of the last <see cref="Forward"/>.</summary>
    /// <returns>Norm of the gradient before clipping.</returns>
    public abstract float Step(Tensor loss, float learningRate, float maxGradNorm);

    /// <summary>A copy of the weights, for keeping the best.</summary>
    public IReadOnlyList<float[]> Snapshot() => [.. Weights.Select(w => w.Value.ToArray())];

    /// <summary>Puts a copy of the weights back.</summary>
    public abstract void Restore(IReadOnlyList<float[]> snapshot);

    /// <summary>Writes what has to stand in the folder beside the weights.</summary>
    public virtual void SaveFiles(string folder)
    {
    }

    /// <summary>A hash of a probe dialogue's encoding, which changes with the tokenizer, the template or the hashing.</summary>
    public abstract string Lock();

    /// <summary>The dialogue that locks are computed from.</summary>
    internal static RewardInput Probe { get; } = new([new Message("system", "Be brief."), new Message("user", "What's 12 × 3?\nShow it – please!"), new Message("assistant", "36"), new Message("user", "Sure?")],
        "Yes: 12 × 3 = 36.\n\n- **Check:** 36 / 3 = 12 ✓\n", "probe");
}
