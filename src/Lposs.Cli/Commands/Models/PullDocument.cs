using Lposs.Tools.Downloads;
using Lposs.Tools.Import.Exporter;

namespace Lposs.Cli.Commands.Models;

/// <summary>What <c>lposs models pull --json</c> prints.</summary>
internal sealed record PullDocument(
    string Command,
    string Name,
    string Purpose,
    IReadOnlyList<PulledFileDocument> Files,
    ImportDocument Import,
    string? Bundle
)
{
    public static PullDocument Of(RegistryModel model, IReadOnlyList<PulledFile> files, string? bundle) =>
        new(
            "models pull",
            model.Name,
            model.Purpose,
            [
                .. files.Select(file => new PulledFileDocument(
                    file.File.Name,
                    file.File.Role.ToString(),
                    file.Path,
                    file.Bytes,
                    file.Sha256,
                    Word(file.Check),
                    file.IsFetched,
                    file.File.Licence,
                    file.File.LicenceAddress.AbsoluteUri
                )),
            ],
            new ImportDocument(
                model.Import.Vlm,
                model.Import.Activation,
                model.Import.Templates,
                model.Import.VmFeature
            ),
            bundle
        );

    /// <summary>What a hash was held to, for people and programs.</summary>
    public static string Word(HashCheck check) =>
        check switch
        {
            HashCheck.Registry => "registry",
            HashCheck.Recorded => "first pull",
            _ => "nothing; recorded now",
        };
}

/// <param name="Name">The registry's name for it.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
/// <param name="HeldTo">What the hash was compared with.</param>
/// <param name="Fetched">Whether this pull fetched it.</param>
/// <param name="Licence">The licence's name.</param>
/// <param name="LicenceAddress">Where to read it.</param>
internal sealed record PulledFileDocument(
    string Name,
    string Role,
    string Path,
    long Bytes,
    string Sha256,
    string HeldTo,
    bool Fetched,
    string Licence,
    string LicenceAddress
);

/// <summary>How the files are meant to become a bundle.</summary>
internal sealed record ImportDocument(string Vlm, string Activation, string Templates, string VmFeature);

/// <summary>What <c>lposs models list --json</c> prints.</summary>
internal sealed record ModelListDocument(string Command, string Cache, IReadOnlyList<ListedModelDocument> Models);

internal sealed record ListedModelDocument(
    string Name,
    string Purpose,
    IReadOnlyList<ListedFileDocument> Files,
    ImportDocument Import
)
{
    public static ListedModelDocument Of(RegistryModel model, DownloadCache cache) =>
        new(
            model.Name,
            model.Purpose,
            [
                .. model.Files.Select(file => new ListedFileDocument(
                    file.Name,
                    file.Role.ToString(),
                    file.Address.AbsoluteUri,
                    file.Bytes,
                    file.Sha256,
                    file.Licence,
                    file.LicenceAddress.AbsoluteUri,
                    file.Origin,
                    file.Note,
                    File.Exists(cache.PathOf(file))
                )),
            ],
            new ImportDocument(
                model.Import.Vlm,
                model.Import.Activation,
                model.Import.Templates,
                model.Import.VmFeature
            )
        );
}

/// <param name="Name">The registry's name for it.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Address">Where it is published.</param>
/// <param name="Bytes">Its size, where the registry knows it.</param>
/// <param name="Sha256">Its hash, where the registry knows it.</param>
/// <param name="Licence">The licence's name.</param>
/// <param name="LicenceAddress">Where to read it.</param>
/// <param name="Origin">Who published it.</param>
/// <param name="Note">What nobody has verified.</param>
/// <param name="Cached">Whether it is in the cache.</param>
internal sealed record ListedFileDocument(
    string Name,
    string Role,
    string Address,
    long? Bytes,
    string? Sha256,
    string Licence,
    string LicenceAddress,
    string Origin,
    string? Note,
    bool Cached
);
