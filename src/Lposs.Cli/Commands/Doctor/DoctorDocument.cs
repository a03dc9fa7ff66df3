namespace Lposs.Cli.Commands.Doctor;

/// <summary>What <c>lposs doctor --json</c> prints.</summary>
/// <param name="Command">"doctor".</param>
/// <param name="CpuWorks">Whether images can be segmented on the CPU; the exit code is 0 then.</param>
/// <param name="CudaWorks">Whether they can on a GPU.</param>
/// <param name="Versions">By what they are of.</param>
/// <param name="Devices">What can compute.</param>
/// <param name="Libraries">What was loaded, and from where.</param>
/// <param name="Missing">Parts and libraries that are not there or do not work.</param>
internal sealed record DoctorDocument(
    string Command,
    bool CpuWorks,
    bool CudaWorks,
    IReadOnlyDictionary<string, string> Versions,
    IReadOnlyList<DeviceDocument> Devices,
    IReadOnlyList<LibraryDocument> Libraries,
    IReadOnlyList<MissingDocument> Missing
);

/// <param name="Part">"core" or "encoders".</param>
/// <param name="Device">"cpu" or "cuda".</param>
/// <param name="Works">Whether it can be used.</param>
/// <param name="Name">The processor or card, where it is known.</param>
/// <param name="Problem">Why it cannot be used.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record DeviceDocument(
    string Part,
    string Device,
    bool Works,
    string? Name,
    string? Problem,
    string? Remedy = null
);

/// <param name="Name">The file's name.</param>
/// <param name="Path">The full path.</param>
internal sealed record LibraryDocument(string Name, string Path);

/// <param name="What">What is missing.</param>
/// <param name="Problem">What was found instead.</param>
/// <param name="Remedy">How to get it.</param>
internal sealed record MissingDocument(string What, string Problem, string Remedy);
