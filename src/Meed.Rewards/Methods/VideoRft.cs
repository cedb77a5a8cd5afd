using Meed.Rewards.Structure;
using Meed.Rewards.Text;

namespace Meed.Rewards.Methods;

/// <summary>VideoRFT: a similarity of the thinking with the frames that is paid only for a right answer.</summary>
/// <remarks>
/// r = accuracy + format + [right]·mean over frames of min(1, 2·max(0, cos(frame, thinking))), 0..3. Frame vectors come with the item (<c>frames</c>: list of vectors); the thinking is the mean vector of its words over the supplied embedding
/// of the same length. The gate keeps descriptions of the frames from paying without an answer.
/// <para>Reference: the answer. "VideoRFT: Incentivizing Video Reasoning Capability in MLLMs via Reinforced Fine-Tuning", 2025 (row 149).</para>
/// </remarks>
public static class VideoRft
{
    /// <summary>The reward <c>video-rft</c>.</summary>
    public static IReward<TextSample> Reward(ITokenEmbedding embedding) => new MethodReward("video-rft", 0, 3, ["format", "accuracy", "semantic"], (TextSample s, DataValue r, ref Work w) => Check(s, r, embedding, ref w));

    /// <summary>The semantic term, 0..1.</summary>
    public static double Semantic(IReadOnlyList<float[]> frames, ReadOnlySpan<float> thinking)
    {
        ArgumentNullException.ThrowIfNull(frames);
        double sum = 0;
        foreach (var frame in frames) { sum += Math.Min(1, 2 * Math.Max(0, EmbeddingSimilarity.Cosine(frame, thinking))); }
        return frames.Count == 0 ? 0 : sum / frames.Count;
    }

    private static MethodScore Check(TextSample sample, DataValue reference, ITokenEmbedding embedding, ref Work work)
    {
        var frames = (DataValue.From(sample.Item)?.Field("frames")?.Items ?? throw new GoldException("the item has no 'frames'")).Select(f => f.Items.Select(v => (float)Gold.Number(v, "frames")).ToArray()).ToList();
        if (frames.Count == 0 || frames.Any(f => f.Length != embedding.Dimensions))
        {
            throw new GoldException($"'frames' are no vectors of {embedding.Dimensions}");
        }

        double format = Answers.ThinkAnswer(sample.Response), accuracy = Answers.Choice(Answers.Only(sample.Response), Gold.Text(reference)), semantic = 0;
        if (accuracy == 1 && Answers.Only(sample.Response, "think") is { } thinking)
        {
            var sum = new float[embedding.Dimensions];
            var vector = new float[embedding.Dimensions];
            foreach (var word in Words.Answer(thinking))
            {
                work.Charge(embedding.Dimensions);
                embedding.Embed(word, vector);
                for (int i = 0; i < sum.Length; i++) { sum[i] += vector[i]; }
            }

            semantic = Semantic(frames, sum);
        }

        return new MethodScore(format + accuracy + semantic, format, accuracy, semantic);
    }
}
