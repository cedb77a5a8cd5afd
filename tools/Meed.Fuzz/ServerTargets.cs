using System.Buffers;
using System.Text.Json;
using Meed.Recipes.Documents;
using Meed.Rewards;
using Meed.Rewards.Documents;
using Meed.Server.Dialects;
using Meed.Server.Graders;
using Meed.Server.Hosting;
using Meed.Server.Profiles;

namespace Meed.Fuzz;

/// <summary>Every body the server reads, taken through scoring to the answer it writes; its file of profiles.</summary>
internal static class ServerTargets
{
    private const string Verify = """{"question":"6*7?","expected_answer":"42","_ng_task_index":3,"responses_create_params":{"input":[{"role":"user","content":"6*7?"}]},"response":{"output":[{"type":"message","content":[{"type":"output_text","text":"I get 42"}]}]}}""";

    public static IEnumerable<Target> All()
    {
        var document = RewardDocuments.Parse("""{"sum":[{"numeric-answer":{}},{"length":{"max":64},"weight":0.1}]}""", RewardCatalog.All);
        var profile = new Profile("fuzz", document.Reward, document.Hash, new ProfileOptions());
        (IDialect Dialect, string[] Bodies)[] dialects =
        [
            (new OpenRlhf(), ["""{"query":["p42","p41"],"prompts":["p","p"],"labels":["42",42]}""", """{"query":[]}"""]),
            (new Slime(), ["""{"prompt":[{"role":"user","content":"6*7?"}],"response":"42","label":"42"}"""]),
            (new LlamaFactory(), ["""{"model":"model","messages":["a 42","b"]}"""]),
            (new EndpointGrader(), ["""{"sample":{"output_text":"42"},"item":{"reference_answer":"42"},"trace_id":"t"}"""]),
            (new NemoGym(), [Verify]),
            (new MeedScore(), ["""{"samples":[{"id":"a","prompt":"6*7?","response":"42","reference":"42","item":{"k":[1]},"truncated":false,"response_tokens":3}]}"""]),
        ];
        foreach (var (dialect, bodies) in dialects)
        {
            yield return new Target($"body {dialect.Segment}", Targets.Texts(bodies), bytes =>
            {
                using var body = Parse(bytes);
                var request = dialect.Read(body.RootElement, profile);
                var scores = profile.Reward.ScoreAsync(request.Samples, RewardContext.Default with { Threads = 1 }).AsTask().GetAwaiter().GetResult();
                Written(writer => dialect.Write(writer, request, scores, profile));
            }, Refused);
        }

        yield return new Target("body aggregate_metrics", Targets.Texts("""{"verify_responses":[{"reward":1,"_ng_task_index":0},{"reward":0.5,"_ng_task_index":"a"},{"reward":0,"_ng_failure_class":"judge_failed"}]}"""), bytes =>
        {
            using var body = Parse(bytes);
            var result = NemoGymAggregate.Compute(body.RootElement, profile);
            Written(writer => NemoGymAggregate.Write(writer, result));
        }, Refused);
        yield return new Target("body graders/run", Targets.Texts("""{"grader":{"type":"string_check","name":"x","input":"{{ sample.output_json.a }}","reference":"{{ item.label }}","operation":"ilike"},"model_sample":"{\"a\": \"b\"}","item":{"label":"b"}}"""), bytes =>
        {
            using var body = Parse(bytes);
            var run = GraderRun.Read(body.RootElement, RewardCatalog.All, allowCode: false);
            Written(run.RunAsync(body.RootElement, CancellationToken.None).GetAwaiter().GetResult());
        }, e => Refused(e) || e is GraderException);
        yield return new Target("path", Targets.Texts("/s/0123456789abcdef/p/maths/v1/score", "/p/a%20b/graders/run", "//p//x"), bytes => Route.Parse(System.Text.Encoding.UTF8.GetString(bytes)), _ => false);

        string file = Path.Combine(Targets.Scratch, $"meed-fuzz-{Environment.ProcessId}.yaml");
        yield return new Target("profiles", Targets.Texts("server: { listen: \"http://127.0.0.1:8600\", maxSamples: 100, drain: 5s }\nprofiles:\n  maths:\n    reward: { numeric-answer: {} }\n    endTokens: [\"</s>\"]\n    judge: { url: \"http://127.0.0.1:9\", timeout: 5s }\n"), bytes =>
        {
            File.WriteAllBytes(file, bytes);
            try
            {
                var (_, store) = ProfileStore.Open(file, RewardCatalog.All, _ => { }, TimeSpan.FromHours(1));
                store.Dispose();
            }
            finally
            {
                File.Delete(file);
            }
        }, e => e is DocumentException);
    }

    // As the server does with a body.
    private static JsonDocument Parse(byte[] bytes)
    {
        Json.RequireText(bytes, "The body");
        return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 64 });
    }

    // What is written must be JSON, whose numbers are finite by its grammar.
    private static void Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = 128 }).Dispose();
    }

    private static bool Refused(Exception e) => e is RequestException or JsonException;
}
