using System.Reflection;

namespace Lposs.Cli;

/// <summary>The version of the command.</summary>
internal static class ProgramVersion
{
    /// <summary>Such as "0.1.0".</summary>
    public static string Text { get; } = typeof(ProgramVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
