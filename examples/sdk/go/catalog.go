package grpc

import (
	"context"

	"github.com/golang/protobuf/proto"

	pb "github.com/kadirpekel/hector/plugins/grpc/pluginpb"
)

// DatabaseCatalog is a DatabaseProvider that can say what it has. Its manifest has the capability
// "catalog". DetailsOf has the properties of a collection that is created.
type DatabaseCatalog interface {
	// ListCollections returns those whose names begin with prefix, in the order of their names.
	ListCollections(ctx context.Context, prefix string) ([]CollectionInfo, error)
	// GetRecords returns the documents that exist, in the order of ids.
	GetRecords(ctx context.Context, collection string, ids []string, includeVectors bool) ([]Document, error)
	// ScanRecords sends all documents in the order of their ids, as one moment had them. send waits
	// for a host that is slow to read, and fails once it has gone.
	ScanRecords(ctx context.Context, scan Scan, send func(Document) error) error
	// MoveCollection gives a collection another name, at once. If there is one of that name, it is
	// deleted with replace, and an error without.
	MoveCollection(ctx context.Context, from, to string, replace bool) error
}

// CollectionInfo is a collection as the database describes it.
type CollectionInfo struct {
	Name       string
	VectorSize uint64
	// The number of documents.
	Count uint64
	// The bytes that it takes on the disk; 0 if that is not known.
	Bytes uint64
	// The facts that it was created with, such as "embedder" and "alpha".
	Properties map[string]string
}

// Scan asks for the documents of a collection.
type Scan struct {
	Collection string
	// Only documents whose ids come after this one, in the order of their bytes. Empty means all.
	AfterID string
	// As in Details.
	Filter         string
	IncludeVectors bool
}

// The most bytes of records in one message of a scan, unless a single record has more.
const pieceSize = 1 << 20

// Verify and Compact are for databases that look after their own files, which these are not.
type databaseCatalog struct {
	*pb.UnimplementedDatabaseCatalogServer
	impl DatabaseCatalog
}

func (c databaseCatalog) ListCollections(
	ctx context.Context, in *pb.ListCollectionsRequest,
) (*pb.ListCollectionsResponse, error) {
	found, err := c.impl.ListCollections(ctx, in.Prefix)
	if err != nil {
		text, err := told(err)
		return &pb.ListCollectionsResponse{Error: text}, err
	}
	out := &pb.ListCollectionsResponse{}
	for _, info := range found {
		out.Collections = append(out.Collections, &pb.CollectionInfo{
			Name: valid(info.Name), VectorSize: info.VectorSize, Count: info.Count,
			Bytes: info.Bytes, Properties: validTexts(info.Properties),
		})
	}
	return out, nil
}

func (c databaseCatalog) GetRecords(
	ctx context.Context, in *pb.GetRecordsRequest,
) (*pb.GetRecordsResponse, error) {
	documents, err := c.impl.GetRecords(ctx, in.Collection, in.Ids, in.IncludeVectors)
	out := &pb.GetRecordsResponse{}
	for i := 0; err == nil && i < len(documents); i++ {
		var record *pb.StoredRecord
		if record, err = storedRecord(documents[i], in.IncludeVectors); err == nil {
			out.Records = append(out.Records, record)
		}
	}
	if err != nil {
		text, err := told(err)
		return &pb.GetRecordsResponse{Error: text}, err
	}
	return out, nil
}

func (c databaseCatalog) ScanRecords(
	in *pb.ScanRecordsRequest, stream pb.DatabaseCatalog_ScanRecordsServer,
) error {
	piece, size := &pb.ScanRecordsResponse{}, 0
	flush := func() error {
		if len(piece.Records) == 0 {
			return nil
		}
		err := stream.Send(piece)
		piece, size = &pb.ScanRecordsResponse{}, 0
		return err
	}
	scan := Scan{in.Collection, in.AfterId, in.FilterJson, in.IncludeVectors}
	err := c.impl.ScanRecords(stream.Context(), scan, func(document Document) error {
		if err := stream.Context().Err(); err != nil {
			return err
		}
		record, err := storedRecord(document, in.IncludeVectors)
		if err != nil {
			return err
		}
		if size+proto.Size(record) > pieceSize {
			if err := flush(); err != nil {
				return err
			}
		}
		piece.Records = append(piece.Records, record)
		size += proto.Size(record)
		return nil
	})
	// The documents before an error are sent too.
	if failed := flush(); failed != nil {
		return failed
	}
	text, err := told(err)
	if text != "" {
		return stream.Send(&pb.ScanRecordsResponse{Error: text})
	}
	return err
}

func (c databaseCatalog) MoveCollection(
	ctx context.Context, in *pb.MoveCollectionRequest,
) (*pb.MoveCollectionResponse, error) {
	text, err := told(c.impl.MoveCollection(ctx, in.From, in.To, in.Replace))
	return &pb.MoveCollectionResponse{Success: text == "", Error: text}, err
}

func storedRecord(document Document, includeVectors bool) (*pb.StoredRecord, error) {
	metadata, err := toTexts(document.Metadata)
	if err != nil {
		return nil, err
	}
	record := &pb.StoredRecord{Id: valid(document.ID), Metadata: metadata}
	if includeVectors {
		record.Vector = document.Vector
	}
	return record, nil
}
