using System.Text;
using System.Text.Json;
using Meed.Models.Transformers;
using Meed.Numerics;

namespace Meed.Models.Tests.Transformers;

/// <summary>The transformer against a float64 forward and backward pass of PyTorch 1.13 (tests/reference/llama_forward.py).</summary>
public class ReferenceTests
{
    private static readonly JsonElement s_reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "llama_forward.json"))).RootElement;

    [Fact]
    public void Logits_OfTheReferenceModel_AreThoseOfPyTorch()
    {
        var (model, batch) = Reference();
        float[] logits = model.Logits(batch).ToArray();

        int compared = 0;
        for (int b = 0; b < batch.Rows; b++)
        {
            for (int t = 0; t < batch.Lengths[b]; t++)
            {
                for (int v = 0; v < 17; v++, compared++)
                {
                    double expected = s_reference.GetProperty("logits")[b][t][v].GetDouble();
                    Assert.Equal(expected, logits[(((b * batch.Length) + t) * 17) + v], 1e-5);   // float32 against float64, values around 1
                }
            }
        }

        Assert.Equal((7 + 1 + 10) * 17, compared);
    }

    [Fact]
    public void LogProbs_AndTheirGradients_AreThoseOfPyTorch()
    {
        var (model, batch) = Reference();
        var logProbs = model.LogProbs(batch);
        float[] values = logProbs.ToArray();
        var weights = new float[values.Length];
        for (int b = 0; b < batch.Rows; b++)
        {
            for (int t = 0; t < batch.Length; t++)
            {
                var expected = t < batch.Lengths[b] ? s_reference.GetProperty("log_probs")[b][t] : default;
                weights[(b * batch.Length) + t] = t + 1;
                Assert.Equal(expected.ValueKind == JsonValueKind.Number ? expected.GetDouble() : 0, values[(b * batch.Length) + t], 1e-5);
            }
        }

        (logProbs * Tensor.From(weights, batch.Rows, batch.Length)).Sum().Backward();
        foreach (var parameter in model.Parameters)
        {
            var expected = s_reference.GetProperty("gradients").GetProperty(parameter.Name);
            float[] gradient = parameter.Grad!.ToArray();
            double norm = Math.Sqrt(gradient.Sum(g => (double)g * g)), size = expected.GetProperty("norm").GetDouble();
            Assert.Equal(size, norm, 1e-4 * size);
            Assert.Equal(expected.GetProperty("first").GetDouble(), gradient[0], 1e-4 * size);
            Assert.Equal(expected.GetProperty("last").GetDouble(), gradient[^1], 1e-4 * size);
            Assert.Equal(expected.GetProperty("sum").GetDouble(), gradient.Sum(g => (double)g), 1e-4 * size * Math.Sqrt(gradient.Length));
        }
    }

    private static (Transformer Model, TokenBatch Batch) Reference()
    {
        var config = TransformerConfig.Parse("llama_forward.json", Encoding.UTF8.GetBytes(s_reference.GetProperty("config").GetRawText()));
        var model = new Transformer(config, new RandomStream(0));
        uint state = 12345;
        foreach (var parameter in model.Parameters)
        {
            var values = new float[parameter.Value.Length];
            for (int i = 0; i < values.Length; i++)
            {
                state = (state * 1664525) + 1013904223;
                values[i] = ((state >> 8) / 16777216f) - 0.5f + (parameter.Name.EndsWith("norm.weight", StringComparison.Ordinal) ? 1f : 0f);
            }

            parameter.Load(values);
        }

        int[][] rows = s_reference.GetProperty("rows").Deserialize<int[][]>()!;
        int[] prompt = s_reference.GetProperty("prompt").Deserialize<int[]>()!;
        return (model, TokenBatch.From([.. rows.Select((r, b) => r[..prompt[b]])], [.. rows.Select((r, b) => r[prompt[b]..])]));
    }
}
