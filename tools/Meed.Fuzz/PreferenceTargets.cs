using System.Text;
using Meed.Evaluation.Bench;
using Meed.Numerics;
using Meed.RewardModels;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Observations;
using Meed.RewardModels.Training;

namespace Meed.Fuzz;

/// <summary>Files of preferences in every layout, files of verdicts, and folders of reward models.</summary>
internal static class PreferenceTargets
{
    // Layouts whose files the tests read from the real data sets: rows of the same shape.
    private static readonly Dictionary<string, string[]> s_rows = new()
    {
        ["fine-grained-rlhf"] = ["""{"question":"Who?","passages":[["Title","He did."]],"prediction 1":"He. She.","prediction 2":"She","prediction 3":"They","prediction 4":"It","feedback":{"errors":[{"start":0,"end":3,"error type":"Irrelevant"}]},"preference":[1,2,0,1,1,2]}"""],
        ["tulu-human-eval"] = ["""{"instance_id":"7","prompt":"Hi","completion_a":"Hello","completion_b":"No","preference":"a-is-slightly-better","annotator":"x","a_acceptable":"yes","b_acceptable":"no","model_a":"m"}"""],
        ["autoj-pairwise"] = ["""{"prompt":"Hi","response 1":"Hello","response 2":"No","label":2}"""],
        ["pandalm"] = ["""{"instruction":"Sum","input":"1 2","response1":"3","response2":"4","annotators":[1,1,0],"judge_a":"1","judge_b":"Tie"}"""],
        ["llmbar"] = ["""{"input":"Hi","output_1":"Hello","output_2":"No","label":1}"""],
        ["mr-gsm8k"] = ["""{"uuid":"u","question":"2+2?","ground_truth_solution":"4","model_output_steps":["2+2","5"],"model_output_solution_first_error_step":2,"model_output_solution_correctness":"wrong","question_type":"original"}"""],
        ["rewardmath-scores"] = ["""{"problem":"2+2?","scores":{"a":[1,0.5],"b":[[0.1,0.2],[0.3]]},"solution_reference":["gold","m"]}"""],
        ["best-of-n"] = ["""{"idx":3,"samples":[{"gold":1.5,"output":"a"},{"gold":1,"output":"b"}]}"""],
        ["alpaca-eval"] = ["""{"model":"m","instruction_idx":3,"p_model_preferred":0.7}"""],
        ["observations"] = ["""{"prompt":"Go","responses":[{"states":[[0,1],[0.5,1]],"actions":[1,0]},{"states":[[0,1]]}],"preferences":[{"first":0,"second":1}]}""", """{"prompt":"See","responses":[{"text":"a","image":[[0,0.5],[1,0]]},{"text":"b","image":"x.png"}]}""", """{"prompt":"See","responses":[{"frames":[[[0]],[[1]]]},{"frames":["a.png","b.png"]}]}"""],
        ["instruction-pair"] = ["""{"instruction":"Sum","input":"1 2","chosen":"3","rejected":"4"}"""],
    };

    // PNG of four by three pixels: grey, colour with alpha, and a palette of two bits with transparent entries.
    private static readonly string[] s_pictures =
    [
        "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAAAAACRn/EaAAAAEklEQVR4nGPgEpHTYAQRTCACAAhXATDfJi93AAAAAElFTkSuQmCC",
        "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAYAAAC09K7GAAAAH0lEQVR4nGNmYGRiZmFlY+fg5OLm4eXjZ0EXYEYXAAAhZwFzW+2jHwAAAABJRU5ErkJggg==",
        "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADAgMAAADJmkZVAAAADFBMVEUAAQIDBAUGBwgJCgvcTDicAAAAAnRSTlMAgJsrThgAAAAMSURBVHicY5BmAEIAAPkAUiDW9QcAAAAASUVORK5CYII=",
    ];

    public static IEnumerable<Target> All(string root)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Targets.Scratch, $"meed-fuzz-{Environment.ProcessId}")).FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        File.WriteAllText(Path.Combine(folder, "instructions.jsonl"), """{"idx":3,"instruction":"Hi"}""");
        File.WriteAllText(Path.Combine(folder, "outputs-m.jsonl"), """{"idx":3,"output":"Hello"}""");
        File.WriteAllText(Path.Combine(folder, "outputs-gpt4_1106_preview.jsonl"), """{"idx":3,"output":"No"}""");
        string examples = Path.Combine(root, "tests/Meed.RewardModels.Tests/Data/Files");
        foreach (var layout in PreferenceLayout.All)
        {
            string example = Path.Combine(examples, (layout.Name == "hh-rlhf" ? "hh" : layout.Name) + ".jsonl");
            string[] lines = File.Exists(example) ? File.ReadAllLines(example)
                : File.Exists(Path.ChangeExtension(example, ".json")) ? [File.ReadAllText(Path.ChangeExtension(example, ".json"))]
                : s_rows.GetValueOrDefault(layout.Name) ?? throw new InvalidOperationException($"{layout.Name} has no example to mutate.");
            lines = layout.Name == "meed" ? [.. lines, .. s_rows["observations"]] : lines;
            byte[][] seeds = [.. lines.Where(l => l.Length > 0).Select(Encoding.UTF8.GetBytes)];
            bool array = lines[0].StartsWith('[');
            string path = Path.Combine(folder, "preferences.jsonl");
            yield return new Target($"rows {layout.Name}", seeds, bytes =>
            {
                using (var file = File.Create(path))
                {
                    // Behind a good row the reader is open, and judges each line alone.
                    file.Write(array ? [] : [.. seeds[0], (byte)'\n']);
                    file.Write(bytes);
                }

                DataCheck.Run([PreferenceFile.Open(path, layout: layout.Name)]);
            }, e => e is PreferenceException, Joined: array ? 1 : 32);
        }

        string any = Path.Combine(folder, "any.jsonl"), csv = Path.Combine(folder, "any.csv"), verdicts = Path.Combine(folder, "verdicts.csv");
        yield return new Target("rows, any layout", [.. s_rows.Values.SelectMany(r => r).Select(Encoding.UTF8.GetBytes)], bytes =>
        {
            File.WriteAllBytes(any, bytes);
            BenchData.Load(BenchSuite.All.First(s => s.Name == "preferences"), [any]);
        }, e => e is PreferenceException);
        yield return new Target("rows, CSV", Targets.Texts("prompt,chosen,rejected\nHi,\"Hello, you\",No\n", "model,instruction_idx,p_model_preferred\nm,3,0.7\nm,3,1\n"), bytes =>
        {
            File.WriteAllBytes(csv, bytes);
            DataCheck.Run([PreferenceFile.Open(csv)]);
        }, e => e is PreferenceException);
        yield return new Target("verdicts", Targets.Texts("dataset,judge,strategy,idx,gold_label,winner_original_order,winner_swapped_order\nNatural,gpt,plain,0,1,1,2\nNatural,gpt,plain,1,2,,1\n", s_rows["pandalm"][0] + "\n" + s_rows["pandalm"][0]), bytes =>
        {
            File.WriteAllBytes(verdicts, bytes);
            JudgeVerdicts.Read(verdicts);
        }, e => e is PreferenceException);
        yield return ModelTarget(folder);
        yield return new Target("picture", [.. s_pictures.Select(Convert.FromBase64String), .. Targets.Texts("P5 2 2 255 abcd", "P6\n# two\n2 1\n255\nabcdef")], bytes => PictureFile.Decode(bytes), e => e is InvalidDataException);
    }

    private static Target ModelTarget(string folder)
    {
        var network = new NGramNetwork(new NGramOptions { Buckets = 64, Words = 1 }, 1, new RandomStream(1));
        string model = Path.Combine(folder, "model");
        RewardModel.Of(network, new BradleyTerryObjective(new()), "fuzz", [0.0, 1.0]).Save(model);
        string info = Path.Combine(model, RewardModelInfo.FileName);
        return new Target("reward model", [File.ReadAllBytes(info)], bytes =>
        {
            File.WriteAllBytes(info, bytes);
            RewardModel.Load(model);
        }, e => e is InvalidDataException);
    }
}
