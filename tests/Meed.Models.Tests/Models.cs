using Meed.Models.Transformers;
using Meed.Numerics;

namespace Meed.Models.Tests;

/// <summary>Small models with lively weights, so that distributions are far from uniform.</summary>
internal static class Models
{
    public static Transformer Small(ulong seed, int vocabulary = 21, int hidden = 24, int layers = 2, int heads = 4, int keyValueHeads = 2, int intermediate = 40, bool tied = true, int positions = 96)
    {
        var config = new TransformerConfig
        {
            VocabularySize = vocabulary, HiddenSize = hidden, Layers = layers, Heads = heads, KeyValueHeads = keyValueHeads, IntermediateSize = intermediate, MaximumPositions = positions, TieEmbeddings = tied, InitializerRange = 0.4f,
        };
        return new Transformer(config, new RandomStream(seed));
    }

    public static int[][] Prompts(Random random, int count, int longest, int vocabulary) =>
        [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, random.Next(1, longest + 1)).Select(_ => random.Next(vocabulary)).ToArray())];
}
