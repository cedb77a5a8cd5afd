using Meed.Models.Generation;
using Meed.Models.Tokenizers;
using Meed.Models.Transformers;
using Meed.Numerics;

namespace Meed.Compare.Cases;

/// <summary>Sampling with a cache: prompts of 16 tokens, 48 new ones, Llama shape with 4 layers, d 128, 4 heads, V 128. Different prompts in every row, no stops.</summary>
public static class SamplingCase
{
    public const int Prompt = 16;
    public const int New = 48;

    public static void Run(CaseOptions options)
    {
        var model = new Transformer(new TransformerConfig { MaximumPositions = Prompt + New }, new RandomStream(0));
        var generator = new Generator(model, new ByteTokenizerOf128());
        var sampling = new SamplingOptions { MaximumNewTokens = New, StopTokens = [] };
        Output.Note("model", $"Llama shape, {model.ParameterCount} parameters");
        foreach (int rows in (int[])[8, 64, 256])
        {
            var random = new RandomStream(1);
            int[][] prompts = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, Prompt).Select(_ => random.NextInt(128)).ToArray())];
            long call = 0;
            Output.Measure($"B={rows}", () => generator.Generate(prompts, sampling, random.Split("call", call++)), options, rows * New);
        }
    }

    /// <summary>Any tokenizer will do: text is not part of the measurement, though it is made.</summary>
    private sealed class ByteTokenizerOf128 : ITokenizer
    {
        private readonly ByteTokenizer _bytes = new();

        public int VocabularySize => 128;

        public IReadOnlyList<SpecialToken> SpecialTokens => [];

        public int? BeginToken => null;

        public int? EndToken => null;

        public int? PadToken => null;

        public int[] Encode(string text, bool parseSpecial = false) => _bytes.Encode(text);

        public string Decode(ReadOnlySpan<int> tokens, bool showSpecial = false) => _bytes.Decode(tokens);

        public ReadOnlySpan<byte> BytesOf(int token) => _bytes.BytesOf(token);

        public void Write(System.Buffers.IBufferWriter<byte> to) => _bytes.Write(to);
    }
}
