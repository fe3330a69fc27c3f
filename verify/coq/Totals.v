(** * Sums over lists

    [total l F] adds [F a] over the entries of a list: the grades of a network, or the nodes of a grid. *)

From Coq Require Import Reals List Lia Lra.
From Approxcert Require Import Sums.
Import ListNotations.
Local Open Scope R_scope.

(** The sum of [F a] over the entries [a] of the list. *)
Definition total {A} (l : list A) (F : A -> R) : R := fold_right (fun a s => F a + s) 0 l.

Lemma total_cons : forall A (a : A) l F, total (a :: l) F = F a + total l F.
Proof. reflexivity. Qed.

Lemma total_app : forall A (l l' : list A) F, total (l ++ l') F = total l F + total l' F.
Proof. induction l; intros; cbn [total fold_right app] in *; [unfold total; simpl; lra|].
fold (total (l ++ l') F) (total l F). rewrite IHl; lra. Qed.

Lemma total_ext : forall A (l : list A) F G, (forall a, In a l -> F a = G a) -> total l F = total l G.
Proof.
  induction l; intros; [reflexivity|]. rewrite !total_cons, (H a) by (left; reflexivity).
  f_equal. apply IHl. intros; apply H; right; assumption.
Qed.

Lemma total_map : forall A C (g : A -> C) l F, total (map g l) F = total l (fun a => F (g a)).
Proof. induction l; intros; [reflexivity|]. cbn [map]. rewrite !total_cons, IHl; reflexivity. Qed.

Lemma total_flat_map : forall A C (g : A -> list C) l F,
  total (flat_map g l) F = total l (fun a => total (g a) F).
Proof. induction l; intros; [reflexivity|]. cbn [flat_map]. rewrite total_app, total_cons, IHl; reflexivity. Qed.

Lemma total_seq : forall n F, total (seq 0 n) F = sum n F.
Proof.
  induction n; intros; [reflexivity|]. rewrite seq_S, total_app, IHn. unfold total; simpl; lra.
Qed.

Lemma total_plus : forall A (l : list A) F G, total l (fun a => F a + G a) = total l F + total l G.
Proof. induction l; intros; [unfold total; simpl; lra|]. rewrite !total_cons, IHl; lra. Qed.

Lemma total_scale : forall A (l : list A) c F, total l (fun a => c * F a) = c * total l F.
Proof. induction l; intros; [unfold total; simpl; lra|]. rewrite !total_cons, IHl; lra. Qed.

Lemma total_le : forall A (l : list A) F G, (forall a, In a l -> F a <= G a) -> total l F <= total l G.
Proof.
  induction l; intros; [unfold total; simpl; lra|]. rewrite !total_cons.
  assert (F a <= G a) by (apply H; left; reflexivity).
  assert (total l F <= total l G) by (apply IHl; intros; apply H; right; assumption). lra.
Qed.

Lemma total_zero : forall A (l : list A) F, (forall a, In a l -> F a = 0) -> total l F = 0.
Proof.
  intros. rewrite (total_ext A l F (fun a => 0 * F a)) by (intros; rewrite H by assumption; ring).
  rewrite total_scale; ring.
Qed.

Lemma total_nonneg : forall A (l : list A) F, (forall a, In a l -> 0 <= F a) -> 0 <= total l F.
Proof.
  intros. rewrite <- (total_zero A l (fun _ => 0)) by reflexivity. apply total_le; assumption.
Qed.

Lemma total_abs : forall A (l : list A) F, Rabs (total l F) <= total l (fun a => Rabs (F a)).
Proof.
  induction l; intros; [unfold total; simpl; rewrite Rabs_R0; lra|]. rewrite !total_cons.
  eapply Rle_trans; [apply Rabs_triang|]. specialize (IHl F). lra.
Qed.

Lemma total_swap : forall A C (l : list A) (l' : list C) F,
  total l (fun a => total l' (F a)) = total l' (fun c => total l (fun a => F a c)).
Proof.
  induction l; intros.
  - symmetry. apply total_zero. reflexivity.
  - rewrite total_cons, IHl, <- total_plus. reflexivity.
Qed.

(** A list without repetition has at most the total of a list that it is part of. *)
Lemma total_part : forall A (l l' : list A) F, NoDup l -> incl l l' -> (forall a, In a l' -> 0 <= F a) ->
  total l F <= total l' F.
Proof.
  induction l as [|a l IH]; intros l' F Hd Hi H0; [apply total_nonneg; assumption|].
  destruct (in_split a l') as (u & v & ->); [apply Hi; left; reflexivity|].
  inversion Hd; subst. rewrite total_app, !total_cons.
  assert (total l F <= total (u ++ v) F).
  { apply IH; [assumption| |].
    - intros b Hb. assert (b <> a) by (intros ->; contradiction).
      specialize (Hi b (or_intror Hb)). apply in_app_iff in Hi. apply in_app_iff.
      destruct Hi as [|[|]]; [tauto|congruence|tauto].
    - intros b Hb. apply H0, in_app_iff. apply in_app_iff in Hb. simpl; tauto. }
  rewrite total_app in *. lra.
Qed.

(** All entries but one are zero. *)
Lemma total_single : forall A (l : list A) a F, NoDup l -> In a l -> (forall b, In b l -> b <> a -> F b = 0) ->
  total l F = F a.
Proof.
  induction l as [|b l IH]; intros a F Hd Hin H; [destruct Hin|].
  inversion Hd; subst. rewrite total_cons. destruct Hin as [->|Hin].
  - rewrite (total_zero _ l); [lra|]. intros c Hc. apply H; [right; assumption|intros ->; contradiction].
  - rewrite (IH a F); [|assumption|assumption|intros c Hc; apply H; right; assumption].
    rewrite H; [lra|left; reflexivity|intros ->; contradiction].
Qed.
