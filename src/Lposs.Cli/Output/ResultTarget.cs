using Lposs.Files;
using Lposs.Tools.Formats;

namespace Lposs.Cli.Output;

/// <summary>An image and the stem by which its results are named.</summary>
/// <param name="Input">The image, as the user named it.</param>
/// <param name="Stem">Its name without extension, with forward slashes where it has folders.</param>
internal sealed record NamedImage(string Input, string Stem)
{
    private static readonly string[] s_addresses = ["http://", "https://", "s3://", "gs://"];

    /// <summary>An image of a command line, "-" for the standard input; results are named by its file alone.</summary>
    /// <exception cref="UsageException">It is a folder or an address.</exception>
    public static NamedImage Of(string input)
    {
        if (input == "-")
            return new NamedImage("/dev/stdin", "stdin");
        if (s_addresses.Any(start => input.StartsWith(start, StringComparison.OrdinalIgnoreCase)))
            throw new UsageException($"'{input}' is an address on the net; fetch it, and name the file");
        if (Directory.Exists(input))
            throw new UsageException(
                $"'{input}' is a folder; lposs batch does folders, or name images, such as "
                    + Path.Combine(input, "*.jpg")
            );
        string file = Path.GetFileName(input);
        // A name such as ".png" is all extension.
        return new NamedImage(input, Path.GetFileNameWithoutExtension(file) is { Length: > 0 } stem ? stem : file);
    }
}

/// <summary>
/// Where results go and in which formats, settled before the work: no file is written twice, and none over a file that
/// is read.
/// </summary>
internal sealed class ResultTarget
{
    // Which files a format makes, and of what, does not depend on the classes.
    private static readonly ClassList s_anyClasses = ClassList.Parse("any");

    private readonly IReadOnlyList<string> _names;
    private readonly IResultFormat[] _formats;

    private ResultTarget(string path, IReadOnlyList<string> names, bool isFile)
    {
        Path = path;
        IsFile = isFile;
        _names = names;
        _formats = [.. names.Select(name => ResultFormats.Create(name, s_anyClasses))];
    }

    /// <summary>The folder or file, as the user named it.</summary>
    public string Path { get; }

    /// <summary>Whether all that is written is one file.</summary>
    public bool IsFile { get; }

    public bool WithScores => _formats.Any(format => format.Needs.HasFlag(ResultNeeds.Scores));

    public bool WithConfidence => _formats.Any(format => format.Needs.HasFlag(ResultNeeds.Confidence));

    public static ResultTarget Folder(string path, IReadOnlyList<string> formats) => new(path, formats, isFile: false);

    /// <summary>A file where the name ends as the files of the one format do, or is that of a file; else a
    /// folder.</summary>
    /// <exception cref="UsageException">The name is that of a file, and another kind of file, or several, would be
    /// written.</exception>
    public static ResultTarget FileOrFolder(string path, IReadOnlyList<string> formats)
    {
        string extension = System.IO.Path.GetExtension(path);
        if (Directory.Exists(path) || !(extension is ".png" or ".npy" or ".npz" || File.Exists(path)))
            return Folder(path, formats);
        if (formats.Count > 1)
            throw new UsageException(
                $"--output is '{path}', one file, and --format names {formats.Count} formats; name a folder"
            );
        var target = new ResultTarget(path, formats, isFile: true);
        string[] files = [.. target._formats[0].Paths("x").Where(IsResult)];
        if (target._formats[0] is ICollectionFormat || files.Length != 1)
            throw new UsageException(
                $"--output is '{path}', one file, and --format {formats[0]} writes a folder; name a folder"
            );
        string ending = System.IO.Path.GetExtension(files[0]);
        return extension.Length == 0 || extension == ending
            ? target
            : throw new UsageException(
                $"--output is '{path}', and --format {formats[0]} writes a {ending} file; give the --format that you "
                    + $"want, a name that ends with {ending}, or a folder"
            );
    }

    /// <summary>The results of an image by their formats, without those of a whole collection.</summary>
    public IReadOnlyDictionary<string, string> PathsOf(string stem) =>
        _formats
            .Select(format => (format.Name, Path: IsFile ? "" : format.Paths(stem).FirstOrDefault(IsResult)))
            .Where(result => result.Path is not null)
            .ToDictionary(result => result.Name, result => System.IO.Path.Combine(Path, result.Path!));

    /// <summary>Rejects results that would replace a file that is read, or each other, or have nowhere to go.</summary>
    /// <param name="images">The images.</param>
    /// <param name="inputs">Every file that is read.</param>
    public void Check(IReadOnlyList<NamedImage> images, IEnumerable<string> inputs)
    {
        if (Path.Length == 0)
            throw new UsageException("--output is empty; it must name a file or a folder");
        if (!IsFile)
            OutputFolder.RejectFile(Path);
        else if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) is { } folder)
            OutputFolder.RequireFolder(Path, folder);
        var read = new FileGuard(inputs);
        var writers = new Dictionary<string, string>();
        foreach (var image in images)
            foreach (string path in PathsOf(image.Stem).Values)
            {
                string full = System.IO.Path.GetFullPath(path);
                if (read.WouldReplace(full))
                    throw new UsageException(
                        $"'{path}', a result of '{image.Input}', would replace a file that is read; name another place "
                            + "with --output"
                    );
                if (writers.TryAdd(full, image.Input))
                    continue;
                throw new UsageException(
                    writers[full] == image.Input
                        ? $"'{image.Input}' is named twice"
                        : $"'{writers[full]}' and '{image.Input}' would both be written to '{path}'; run them "
                            + "one by one with an --output of their own"
                );
            }
    }

    /// <exception cref="UsageException">A format shows the image, and the results have another size.</exception>
    public void RequireSize(Image image, PixelSize? size)
    {
        if (size is { } other && other != new PixelSize(image.Height, image.Width) && _names.Contains("overlay"))
            throw new UsageException(
                $"--size is {other.Height}x{other.Width}, and --format overlay needs that of the image, "
                    + $"{image.Height}x{image.Width}"
            );
    }

    /// <summary>Writes results of these classes here.</summary>
    public ResultWriter Open(ClassList classes) =>
        new(this, [.. _names.Select(name => ResultFormats.Create(name, classes))], classes);

    /// <summary>Whether a file is a result, and not a part of one that is still to be put together.</summary>
    private static bool IsResult(string path) => !path.StartsWith('.');
}

/// <summary>The folder that results go to.</summary>
internal static class OutputFolder
{
    /// <summary>Makes the folder if it is not there.</summary>
    /// <exception cref="IOException">It cannot be made; the message names it.</exception>
    public static void Create(string folder)
    {
        RejectFile(folder);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"cannot make the folder '{folder}': {error.Message.TrimEnd('.')}", error);
        }
    }

    /// <exception cref="IOException">There is a file of this name.</exception>
    public static void RejectFile(string folder)
    {
        if (File.Exists(folder))
            throw new IOException($"cannot write into '{folder}': it is a file, not a folder");
    }

    /// <exception cref="InputException">The folder of a file is not there.</exception>
    public static void RequireFolder(string file, string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException($"cannot write '{file}': the folder '{folder}' does not exist");
    }
}
