// Mutation testing: changes signs, constants, comparisons, arithmetic and masks of a project, one at a time, and sees whether its tests notice.
using Meed.Mutate;

if (args is ["--worker", var tests, var project])
{
    return Worker.Run(tests, project);
}

var options = Options.Parse(args);
return options is null ? 2 : Session.Run(options, Directory.GetCurrentDirectory());
