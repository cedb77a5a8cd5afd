namespace Meed.Rewards.Text;

/// <summary>Gives a vector for a token; the same token always the same one.</summary>
public interface ITokenEmbedding
{
    /// <summary>Length of the vectors.</summary>
    int Dimensions { get; }

    /// <summary>Writes the vector of a token.</summary>
    void Embed(string token, Span<float> vector);
}

/// <summary>Cosine and bidirectional max-average similarity over a supplied embedding.</summary>
/// <remarks>
/// Cosine of the mean vectors; and, with S the matrix of cosines between the tokens of the two texts, BMAS = ½·(mean of the row maxima + mean of the column maxima).
/// BMAS is the semantic reward of Mixed-R1 (2025, row 8 of the atlas); the same sum without importance weights as BERTScore's recall and precision (Zhang et al. 2020, arXiv:1904.09675).
/// Two empty texts are equal (1), one empty text gives 0. Zero vectors have cosine 0.
/// </remarks>
public static class EmbeddingSimilarity
{
    /// <summary>Cosine of two vectors; 0 when one is zero.</summary>
    public static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double dot = 0, x = 0, y = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            x += (double)a[i] * a[i];
            y += (double)b[i] * b[i];
        }

        return x == 0 || y == 0 ? 0 : Math.Clamp(dot / Math.Sqrt(x * y), -1, 1);
    }

    /// <summary>Cosine of the mean vectors of two texts, in −1..1.</summary>
    public static double OfMeans(IReadOnlyList<string> a, IReadOnlyList<string> b, ITokenEmbedding embedding, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(embedding);
        if (a.Count == 0 || b.Count == 0)
        {
            return a.Count == b.Count ? 1 : 0;
        }

        return Cosine(Sum(a, embedding, ref work), Sum(b, embedding, ref work));
    }

    /// <summary>Bidirectional max-average similarity, in −1..1. Charges tokens · tokens · dimensions.</summary>
    public static double MaxAverage(IReadOnlyList<string> a, IReadOnlyList<string> b, ITokenEmbedding embedding, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(embedding);
        if (a.Count == 0 || b.Count == 0)
        {
            return a.Count == b.Count ? 1 : 0;
        }

        work.Charge(((long)a.Count * b.Count * embedding.Dimensions / 4) + a.Count + b.Count);
        float[][] x = Vectors(a, embedding), y = Vectors(b, embedding);
        var columns = new double[y.Length];
        Array.Fill(columns, -1);
        double rows = 0;
        foreach (var vector in x)
        {
            double most = -1;
            for (int j = 0; j < y.Length; j++)
            {
                double cosine = Cosine(vector, y[j]);
                most = Math.Max(most, cosine);
                columns[j] = Math.Max(columns[j], cosine);
            }

            rows += most;
        }

        return ((rows / x.Length) + (columns.Sum() / columns.Length)) / 2;
    }

    private static float[][] Vectors(IReadOnlyList<string> tokens, ITokenEmbedding embedding)
    {
        var vectors = new float[tokens.Count][];
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = new float[embedding.Dimensions];
            embedding.Embed(tokens[i], vectors[i]);
        }

        return vectors;
    }

    private static float[] Sum(IReadOnlyList<string> tokens, ITokenEmbedding embedding, ref Work work)
    {
        work.Charge((long)tokens.Count * embedding.Dimensions);
        var sum = new float[embedding.Dimensions];
        var vector = new float[embedding.Dimensions];
        foreach (var token in tokens)
        {
            embedding.Embed(token, vector);
            for (int i = 0; i < sum.Length; i++) { sum[i] += vector[i]; }
        }

        return sum;
    }
}

/// <summary>An embedding without learning: each character trigram of a token adds +1 or −1 at two places that its hash names.</summary>
/// <remarks>Spellings that share trigrams are near, meanings are not known to it. FNV-1a over code units with angular brackets around the token; Weinberger et al. 2009, arXiv:0902.2206.</remarks>
public sealed class HashedEmbedding : ITokenEmbedding
{
    /// <inheritdoc/>
    public int Dimensions => 64;

    /// <inheritdoc/>
    public void Embed(string token, Span<float> vector)
    {
        ArgumentNullException.ThrowIfNull(token);
        vector.Clear();
        var framed = "<" + token + ">";
        for (int i = 0; i + 3 <= framed.Length; i++)
        {
            uint hash = 2166136261;
            for (int k = 0; k < 3; k++) { hash = (hash ^ framed[i + k]) * 16777619; }
            hash ^= hash >> 15;
            vector[(int)(hash % 64)] += (hash & 64) == 0 ? 1 : -1;
            vector[(int)((hash >> 8) % 64)] += (hash & 128) == 0 ? 1 : -1;
        }
    }
}
