using Meed.Tasks.Phone;

namespace Meed.Tasks.Tests.Phone;

public class PhoneTaskTests
{
    [Fact]
    public void Reward_OraclesOf2000Seeds_IsOne()
    {
        for (ulong seed = 0; seed < 2000; seed++)
        {
            var item = PhoneTask.Generate(seed);
            Assert.Equal(1, PhoneTask.Reward(item, PhoneTask.Run(item, (_, _, step) => item.Oracle[step])));
        }
    }

    [Fact]
    public void Reward_OracleWithoutOneAction_IsZero()
    {
        for (ulong seed = 0; seed < 300; seed++)
        {
            var item = PhoneTask.Generate(seed);
            string[] script = [.. item.Oracle.Where((a, i) => i != item.Oracle.Count - 2 || item.Answer.Length > 0).Select(a => item.Answer.Length > 0 && a.StartsWith("done", StringComparison.Ordinal) ? "done" : a)];
            Assert.Equal(0, PhoneTask.Reward(item, PhoneTask.Run(item, (_, _, step) => script[step])));
        }
    }

    [Fact]
    public void Reward_SideEffect_IsZero()
    {
        var item = PhoneTask.Generate(3, 5);
        string[] script = ["open notes", "set Other = x", .. item.Oracle];

        Assert.Equal(0, PhoneTask.Reward(item, PhoneTask.Run(item, (_, _, step) => script[step])));
    }

    [Theory]
    [InlineData("open mail", "There is no app 'mail'.")]
    [InlineData("set x = y", "Open an app first.")]
    [InlineData("delete x", "There is no 'x' to delete here.")]
    [InlineData("swipe", "'swipe' is no action.")]
    public void Act_WhatCannotBeDone_SaysWhyAndChangesNothing(string action, string expected)
    {
        var item = PhoneTask.Generate(1);
        var session = new PhoneSession(item.Start);

        Assert.StartsWith(expected, session.Act(action), StringComparison.Ordinal);
        Assert.Equal(item.Start, session.State);
        Assert.False(session.Over);
    }

    [Fact]
    public void Act_ThirtyActions_EndTheEpisode()
    {
        var session = PhoneTask.Run(PhoneTask.Generate(1), (_, _, _) => "home");

        Assert.Equal((30, true, false), (session.Actions, session.Over, session.SaysDone));
        Assert.Equal("The episode is over.", session.Act("home"));
    }

    [Fact]
    public void Generate_EveryTemplate_ChangesTheStateOrAsks()
    {
        for (int template = 0; template < PhoneTask.Templates; template++)
        {
            var item = PhoneTask.Generate(9, template);
            Assert.Equal(template, item.Template);
            Assert.Equal(item.Answer.Length > 0, item.Start.Equals(item.Target));
            Assert.Equal(item.Goal, PhoneTask.Generate(9, template).Goal);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => PhoneTask.Generate(1, 8));
    }

    [Fact]
    public void SeedVariance_AgentThatCannotReadTwoWords_VariesWithinTheTemplate()
    {
        var found = PhoneTask.SeedVariance(item => item.Goal.Contains(' ', StringComparison.Ordinal) && item.Template == 1 && item.Goal.Split(' ').Length > 5 ? 0 : 1, 40);

        Assert.All(found.Where(f => f.Template != 1), f => Assert.Equal((1.0, 0.0), (f.Mean, f.Deviation)));
        Assert.InRange(found[1].Deviation, 0.3, 0.6);
    }
}
